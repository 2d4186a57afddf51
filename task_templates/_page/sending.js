// One answer, sent once, to the place that the address names.

const form = byId("send");
const button = byId("submit");
let ours = null;
let sent = history.state?.sent === visit;
let agreed = 0;

function status() {
  if (sent) return "sent";
  if (anyPicture("broken")) return "broken";
  if (!live) return "preview";
  return anyPicture("loading") ? "loading" : "ready";
}

function update() {
  if (ours === null) return;
  const now = status();
  button.textContent = say(live ? "submit." + now : "submit.preview");
  button.disabled = now !== "ready";
  byId("state").textContent = ours.state();
  byId("drafts").hidden = !live;
  byId("drafts").textContent = say(lasting || sheltered ? "drafts.kept" : "drafts.lost");
  notify(["ready", "loading"].includes(now) ? "" : "notice." + now);
}

function notify(key) {
  const notice = byId("notice");
  const text = key && say(key);
  if (notice.dataset.text === text) return;
  notice.dataset.text = text;
  notice.hidden = !text;
  notice.replaceChildren(text);
  if (key !== "notice.broken") return;
  notice.append(" ", make("button", { type: "button", textContent: say("retry"), onclick: loadAgain }));
  if (framed) notice.append(" ", reportButton());
}

function problems() {
  const found = ours.problems();
  if (input.consent && !byId("consent-given").checked) found.push(["consent-given", "consent.missing"]);
  return found;
}

// The fields that an error is about: one, or all of a group.
function fieldsOf(id) {
  const node = byId(id);
  return node.matches("input, textarea, select, [role=radiogroup]") ? [node] : [...node.querySelectorAll("input, textarea, [role=application]")];
}

function goTo(id) {
  const node = byId(id);
  const inside = ["input:checked", "input, textarea, select", "button, [tabindex]"].map((kind) => node.querySelector(kind));
  (inside.find(Boolean) ?? node).focus();
}

function showProblems(found) {
  for (const node of document.querySelectorAll("[aria-invalid]")) node.ariaInvalid = null;
  for (const node of document.querySelectorAll(".error")) node.textContent = "";
  byId("errors").hidden = found.length === 0;
  byId("error-list").replaceChildren(...found.map(showProblem));
}

function showProblem([id, key, values]) {
  for (const field of fieldsOf(id)) field.ariaInvalid = "true";
  byId(id + "-error").textContent = say(key, values);
  const link = make("a", { href: "#" + id, textContent: say(key, values) });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(id);
  });
  return make("li", {}, link);
}

// ASCII alone: whatever stands between here and the requester cannot spoil it.
function ascii(value) {
  const code = (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0");
  return JSON.stringify(value).replace(/[\x7f-\uffff]/g, code);
}

function answer() {
  const feedback = byId("feedback").value.trim();
  return {
    schema: "crowdlab.answer/1",
    template: page.template,
    template_version: page.version,
    item: task.item,
    lang: language,
    ...ours.answer(),
    ...(input.consent && { consent: { version: input.consent.version, at_ms: agreed } }),
    ...(feedback && { feedback: feedback.toWellFormed?.() ?? feedback }),
    telemetry: telemetry(),
  };
}

function submit(event) {
  record("submit");
  if (status() !== "ready") return event.preventDefault();
  const found = problems();
  showProblems(found);
  if (found.length > 0) {
    event.preventDefault();
    record("refused", ...found.map(([id]) => id));
    byId("errors").focus();
    return;
  }
  form.action = action;
  form.elements.assignmentId.value = assignment;
  form.elements.answer.value = ascii(answer());
  sent = true;
  forget("draft:" + visit);
  // In this entry of the history and not in the store: going back cannot send twice,
  // and a worker whose answer was lost on the way can open the task anew.
  history.replaceState({ sent: visit }, "");
  update();
}
