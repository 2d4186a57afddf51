{
  const { input, make, say, shape } = crowdlab;
  const [text, count, warning, tongue, ends] = ["description", "count", "warning", "tongue", "ends_in"].map(byId);
  const { map, route, start = route?.[0], goal = route?.at(-1), rooms = [], answer_language: tag } = input;
  const { min_words: least, max_characters: most } = input;
  const code = tag.split("-")[0];

  // Words as the server counts them: what blanks, slashes and dashes part, if a letter
  // or a digit is in it; every character of Chinese and Japanese is one of its own.
  const GAP = /[\s\x1c-\x1f\x85\ufeff/\u2012-\u2015]+/;
  const LONE = /[\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;
  const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
  const words = (said) => said.replace(LONE, " $& ").split(GAP).map((part) => part.replace(EDGES, "").toLowerCase()).filter(Boolean);
  const spaced = (said) => " " + words(said).join(" ") + " ";

  const repetitive = (said) => 2 * new Set(said).size < least || said.some((word, n) => n > 2 && said.slice(n - 3, n).every((other) => other === word));
  const copied = (said) => sources.map(spaced).some((source) => source.includes(spaced(said)) || spaced(said).includes(source));
  const EXAMPLES = [1, 2, 3];
  const ours = (messages, part, n) => messages["example." + part + "." + n];
  const sources = input.examples
    ? input.examples.flatMap((example) => example.text ?? [])
    : Object.values(page.messages).flatMap((messages) => EXAMPLES.map((n) => ours(messages, "text", n)));

  const stage = crowdlab.stage({ ...map, node: byId("map"), id: "map", label: "map", changed: () => way.fit(stage.unit()) });
  const way = crowdlab.way(stage.layer, { start, goal, route });
  crowdlab.legend(byId("legend"), { start, goal, route });

  const radios = rooms.map((room) => {
    const radio = make("input", { type: "radio", name: "ends_in", value: room });
    ends.append(make("label", { className: "check room" }, radio, make("span", { dir: "auto", textContent: room })));
    return radio;
  });
  byId("rooms").hidden = rooms.length === 0;
  const room = () => radios.find((radio) => radio.checked)?.value;

  ends.addEventListener("change", () => {
    record("room");
    changed();
  });

  function tell() {
    const [n, long] = [words(text.value).length, [...text.value.trim()].length];
    const size = long > 0.9 * most ? [say("characters", { n: long, most })] : [];
    count.textContent = [say("words", { n, least }), ...size].join(" \u00b7 ");
    count.classList.toggle("enough", n >= least);
  }

  // The word that is being written may become another: it counts after a pause.
  let pause = 0;
  const mapWords = (page.messages[code]?.map_words ?? "").split(",").filter(Boolean).map(spaced);
  function warn(all) {
    const said = spaced(all ? text.value : text.value.replace(/\S+$/, ""));
    const found = mapWords.filter((word) => said.includes(word)).map((word) => "\u201c" + word.trim() + "\u201d");
    if (warning.dataset.said === found.join(", ")) return;
    if (found.length) record("map_words", found.length);
    warning.dataset.said = found.join(", ");
    warning.hidden = found.length === 0;
    warning.textContent = say("warning", warning.dataset);
  }

  // How it was written, but never what keys: a paste is no fault, but worth a look.
  const pasted = (name, data) => record(name, data.getData("text").length);
  text.addEventListener("paste", (event) => pasted("paste", event.clipboardData));
  text.addEventListener("drop", (event) => pasted("drop", event.dataTransfer));
  text.addEventListener("keydown", () => (work.counts.keys = (work.counts.keys ?? 0) + 1));
  text.addEventListener("focus", () => record("write"));
  text.addEventListener("input", () => {
    tell();
    warn(false);
    clearTimeout(pause);
    pause = setTimeout(warn, 800, true);
    changed();
  });
  text.lang = tag;

  function fault() {
    const said = words(text.value);
    const long = [...text.value.trim()].length;
    if (said.length === 0) return ["words.missing"];
    if (said.length < least) return ["words.few", { n: said.length, least }];
    if (long > most) return ["characters.many", { n: long, most }];
    if (repetitive(said)) return ["words.repeated"];
    return copied(text.value) ? ["words.copied"] : null;
  }

  function problems() {
    const found = fault() ? [["description", ...fault()]] : [];
    return rooms.length && !room() ? [...found, ["ends_in", "rooms.missing"]] : found;
  }

  // A floor to which our examples belong: a kitchen, a corridor, a library.
  function drawExample(lang) {
    const label = (name, x, y, kind = "") => shape("text", { x, y, class: kind, lang }, page.messages[lang]["example." + name]);
    const svg = shape("svg", { viewBox: "-2 -2 244 144", class: "floor", role: "img", "aria-label": say("example.map") },
      shape("path", { class: "walls", d: "M0 0h240v140H0zM0 54h30m16 0h62m16 0h82m16 0h18M0 86h40m16 0h44m16 0h84m16 0h24M76 0v54M156 0v54M76 86v54M156 86v54" }),
      shape("path", { class: "thing", d: "M186 3h50v7h-50zm10 0v7m10-7v7m10-7v7m10-7v7M158 79a4 4 0 1 0 .1 0zm14 0a4 4 0 1 0 .1 0zm-14 4l5-7h7l2 7m-9-7l4 7 3-7" }),
      label("kitchen", 38, 15), label("office", 116, 30), label("library", 181, 42), label("bathroom", 38, 116), label("meeting", 116, 116), label("office", 198, 116),
      label("bike", 181, 83, "small"), label("shelf", 182, 8.5, "small end"));
    const points = [[38, 32], [38, 65], [214, 65], [214, 30]];
    crowdlab.way(svg, { start: points[0], goal: points[3], route: points }).fit(0.75);
    return make("li", { className: "example" }, svg, make("p", { textContent: say("example.map") }));
  }

  function showExamples() {
    if (input.examples) return;
    const spoken = code in page.messages ? code : language;
    const shown = EXAMPLES.map((n) => {
      const item = example({ good: n < 3, text: ours(page.messages[spoken], "text", n), why: say("example.why." + n) });
      item.querySelector("blockquote").lang = spoken;
      return item;
    });
    byId("examples").replaceChildren(drawExample(spoken), ...shown);
    crowdlab.speak();
  }

  crowdlab.start({
    problems,
    speak() {
      showExamples();
      tongue.textContent = say("tongue", { language: new Intl.DisplayNames([language], { type: "language" }).of(tag) });
      warning.textContent = say("warning", warning.dataset);
      tell();
    },
    answer() {
      const description = text.value.trim();
      return { description: description.toWellFormed?.() ?? description, n_words: words(description).length, ...(room() && { ends_in: room() }) };
    },
    save: () => ({ text: text.value, room: room() }),
    restore(saved) {
      text.value = saved.text;
      for (const radio of radios) radio.checked = radio.value === saved.room;
      warn(true);
    },
  });
}
