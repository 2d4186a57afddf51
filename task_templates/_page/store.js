// What the browser keeps. The store throws in a frame that has no origin of its own, and
// in many browsers in one from elsewhere; then the site around the page keeps it, if it
// can, else the page remembers for as long as it is open, and says so. On Mechanical
// Turk all pages share one store: nothing personal goes in, and drafts go.

const FORTNIGHT = 14 * 86400000;
const memory = new Map();
const recalled = [];
let lasting = true;
let sheltered = false;

function attempt(use, fallback) {
  try {
    return use();
  } catch {
    lasting = false;
    return fallback;
  }
}

function keep(key, value) {
  memory.set(key, value);
  attempt(() => localStorage.setItem("crowdlab:" + key, JSON.stringify(value)));
  shelter({ key, value });
}

function kept(key) {
  return attempt(() => JSON.parse(localStorage.getItem("crowdlab:" + key)), memory.get(key) ?? null);
}

function forget(key) {
  memory.delete(key);
  attempt(() => localStorage.removeItem("crowdlab:" + key));
  shelter({ key, value: null });
}

// Uses what is kept, and once more if the site comes with something newer.
function recall(key, use) {
  recalled.push([key, use]);
  use(kept(key));
}

// Mechanical Turk's own page is told nothing; of a preview there are no drafts.
function shelter(what) {
  if (!lasting && (framed || !live) && parent !== window) parent.postMessage({ crowdlab: "keep", ...what }, "*");
}

function askForShelter() {
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.crowdlab !== "kept" || lasting) return;
    sheltered = true;
    for (const [key, value] of Object.entries(data.kept)) memory.set(key, value);
    for (const [key, use] of recalled) if (key in data.kept) use(kept(key));
    update();
  });
  shelter({});
}

function forgetOldDrafts() {
  const keys = attempt(() => Object.keys(localStorage), []);
  for (const key of keys.filter((name) => name.startsWith("crowdlab:draft:"))) {
    const name = key.slice("crowdlab:".length);
    if (!(kept(name)?.at > Date.now() - FORTNIGHT)) forget(name);
  }
}
