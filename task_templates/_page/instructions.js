// How the task is done: the requester's words, the rules, examples done well and badly.

function showInstructions() {
  const panel = byId("instructions");
  const key = "instructions:" + page.template;
  byId("own-instructions").textContent = input.instructions ?? "";
  byId("examples").append(...(input.examples ?? []).map(example));
  recall(key, (open) => (panel.open = open !== false));
  panel.addEventListener("toggle", () => {
    if (panel.open === (kept(key) !== false)) return;
    keep(key, panel.open);
    record("instructions", panel.open);
  });
}

// What is good and what is bad is said in words and by a sign: not everybody sees the
// colour. The picture says no more to those who hear the page than why does.
function example({ good, text, image, why }) {
  const verdict = make("p", { className: "verdict", data: { t: good ? "example.good" : "example.bad" } });
  const parts = [verdict];
  if (image) parts.push(make("img", { src: image, alt: "", decoding: "async" }));
  if (text) parts.push(make("blockquote", { className: "prose", dir: "auto", textContent: text }));
  parts.push(make("p", { className: "prose", dir: "auto", textContent: why }));
  return make("li", { className: good ? "example good" : "example bad" }, ...parts);
}
