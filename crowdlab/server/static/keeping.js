"use strict";

// Many browsers deny a store to a frame from elsewhere. What its page wants to be kept is
// kept here: drafts for this task alone, habits such as the language for all.

{
  const FORTNIGHT = 14 * 86_400_000;
  const MOST_KEPT = 200_000;
  const DRAFTS = "crowdlab:draft:";
  const ofTask = DRAFTS + location.pathname;
  const habits = "crowdlab:habits";
  const inside = document.getElementById("task");

  function read(store) {
    try {
      return JSON.parse(localStorage.getItem(store)) ?? {};
    } catch {
      return {};
    }
  }

  function write(store, all) {
    const text = JSON.stringify(all);
    try {
      if (text === "{}") localStorage.removeItem(store);
      else if (text.length <= MOST_KEPT) localStorage.setItem(store, text);
    } catch {
      // Then nothing is kept; the page in the frame is there all the same.
    }
  }

  function keep(key, value) {
    const store = key.startsWith("draft:") ? ofTask : habits;
    const { [key]: _, ...others } = read(store);
    write(store, value === null ? others : { ...others, [key]: value });
  }

  function give() {
    const kept = { ...read(habits), ...read(ofTask) };
    // A caged frame has no origin by which to name it.
    inside.contentWindow.postMessage({ crowdlab: "kept", kept }, "*");
  }

  function forgetOld() {
    for (const store of Object.keys(localStorage).filter((name) => name.startsWith(DRAFTS))) {
      const isNew = Object.values(read(store)).some((draft) => draft.at > Date.now() - FORTNIGHT);
      if (!isNew) localStorage.removeItem(store);
    }
  }

  addEventListener("message", ({ source, data }) => {
    if (source !== inside?.contentWindow || data?.crowdlab !== "keep") return;
    if (typeof data.key === "string") keep(data.key, data.value ?? null);
    else give();
  });
  if (inside) {
    try {
      forgetOld();
    } catch {
      // A site without a store has nothing old.
    }
    // Its page may have asked before this script was there.
    give();
  }
}
