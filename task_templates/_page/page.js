// The page itself: drafts, consent, and its start.

function save() {
  if (!live || sent) return;
  tick();
  keep("draft:" + visit, { at: Date.now(), ours: ours.save(), feedback: byId("feedback").value, work });
}

// What the worker has begun meanwhile counts for more.
function restore(draft) {
  if (draft === null || !live || sent || work.first !== null) return;
  byId("feedback").value = draft.feedback;
  ours.restore(draft.ours);
  Object.assign(work, draft.work);
  record("restored");
}

// To be called whenever the worker changed something.
function changed() {
  work.first ??= tick();
  if (!byId("errors").hidden) showProblems(problems());
  save();
  update();
}

function askConsent() {
  if (!input.consent) return;
  const key = "consent:" + hash(input.consent.version + input.consent.text);
  const given = byId("consent-given");
  byId("consent").hidden = false;
  byId("consent-text").textContent = input.consent.text;
  recall(key, (agrees) => (given.checked = agrees === true));
  given.addEventListener("change", () => {
    record("consent", given.checked);
    agreed = tick();
    keep(key, given.checked);
    changed();
  });
}

function choose(code) {
  language = code in page.messages ? code : page.language;
  byId("language").value = language;
  speak();
  ours.speak();
  if (!byId("errors").hidden) showProblems(problems());
  update();
}

function listLanguages() {
  const select = byId("language");
  for (const [code, messages] of Object.entries(page.messages)) {
    select.append(make("option", { value: code, lang: code, textContent: messages.language_name }));
  }
  select.parentNode.hidden = select.length < 2;
  select.addEventListener("change", () => {
    record("language", select.value);
    keep("language", select.value);
    choose(select.value);
  });
}

// Starts the page with what a template brings; each part may be left out:
// problems() gives what is missing, as [id, message, values]; answer() its own part
// of the answer; save() and restore(saved) its draft; state() a line beside the
// button; speak() says in the chosen language what no data-t says.
function start(template) {
  const nothing = { problems: () => [], answer: () => ({}), save: () => null, restore() {}, state: () => "", speak() {} };
  ours = { ...nothing, ...template };
  forgetOldDrafts();
  record("load");
  listLanguages();
  showInstructions();
  offerReport();
  askConsent();
  recall("draft:" + visit, restore);
  recall("language", (code) => choose(code ?? page.language));
  askForShelter();
  form.addEventListener("submit", submit);
  byId("feedback").addEventListener("input", changed);
  document.addEventListener("visibilitychange", save);
  addEventListener("keydown", (event) => {
    const wanted = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (wanted && !event.repeat) form.requestSubmit();
  });
}

// All that the script of a template needs.
const crowdlab = { input, start, changed, record, say, isSaid, speak, make, picture, shuffled, keep, kept, recall, tick };
