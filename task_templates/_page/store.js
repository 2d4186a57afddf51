// What the browser keeps. The store throws in a sandboxed frame that has no origin of
// its own; the page then remembers for as long as it is open, and says so. On
// Mechanical Turk all pages share one store: nothing personal goes in, and drafts go.

const FORTNIGHT = 14 * 86400000;
const memory = new Map();
let lasting = true;

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
}

function kept(key) {
  return attempt(() => JSON.parse(localStorage.getItem("crowdlab:" + key)), memory.get(key) ?? null);
}

function forget(key) {
  memory.delete(key);
  attempt(() => localStorage.removeItem("crowdlab:" + key));
}

function forgetOldDrafts() {
  const keys = attempt(() => Object.keys(localStorage), []);
  for (const key of keys.filter((name) => name.startsWith("crowdlab:draft:"))) {
    const name = key.slice("crowdlab:".length);
    if (!(kept(name)?.at > Date.now() - FORTNIGHT)) forget(name);
  }
}
