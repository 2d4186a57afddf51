"use strict";

// Keeps the page up to date: asks for the parts that changed since it looked last, and
// puts in only what is different, so that focus, choices and texts stay.

const parts = [...document.querySelectorAll("[data-live]")];
const said = document.getElementById("said");
let pause = Number(document.body.dataset.pause);
let paused = false;
let timer = 0;

function sync(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function isAlike(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName
    && (old.id ?? "") === (fresh.id ?? "");
}

// Each node of the new page with the one on this page that may stay for it, if any.
function matches(old, fresh) {
  const left = new Set(old.childNodes);
  return [[...fresh.childNodes].map((child) => {
    const known = [...left].find((node) => isAlike(node, child));
    left.delete(known);
    return [child, known];
  }), left];
}

// Makes the children of a node those of another, keeping every node that can stay. What
// goes is taken away first: a node that need not be moved keeps the focus.
function merge(old, fresh) {
  const [pairs, left] = matches(old, fresh);
  for (const node of left) node.remove();
  let place = old.firstChild;
  for (const [child, known] of pairs) {
    const node = known ?? document.adoptNode(child);
    if (node === place) place = place.nextSibling;
    else old.insertBefore(node, place);
    if (known?.nodeType === Node.ELEMENT_NODE) {
      sync(known, child);
      merge(known, child);
    } else if (known && known.data !== child.data) {
      known.data = child.data;
    }
  }
}

function put(part, { html, mark }) {
  const before = part.querySelector("[data-say]")?.textContent;
  const focused = document.activeElement?.id;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  merge(part, fresh.body);
  part.dataset.mark = mark;
  if (focused && document.activeElement?.id !== focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  const after = part.querySelector("[data-say]")?.textContent;
  if (after && after !== before) said.textContent = after;
}

async function look() {
  if (!document.hidden) {
    const known = parts.map((part) => `${part.dataset.live}=${part.dataset.mark}`).join(" ");
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": known } });
      if (answer.redirected || !answer.ok) return;
      const { parts: changed, pause: next } = await answer.json();
      for (const part of parts) {
        if (part.dataset.live in changed) put(part, changed[part.dataset.live]);
      }
      pause = next;
    } catch {
      // The server is away for a moment; the next look will tell.
    }
  }
  wait();
}

function wait() {
  if (!paused) timer = setTimeout(look, pause);
}

// What moves by itself can be stopped.
function offerPause() {
  const box = document.createElement("p");
  const button = document.createElement("button");
  box.className = "live";
  button.className = "quiet";
  button.type = "button";
  button.textContent = "Pause updates";
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? "Resume updates" : "Pause updates";
    clearTimeout(timer);
    if (!paused) look();
  });
  box.append(button);
  document.querySelector(".top nav").after(box);
}

document.addEventListener("change", ({ target }) => {
  if (target.dataset.layer) {
    const layer = document.getElementById(target.dataset.layer);
    if (target.checked) layer.removeAttribute("display");
    else layer.setAttribute("display", "none");
  }
  if (target.dataset.all) {
    for (const box of document.querySelectorAll(`input[form="${target.dataset.all}"]:enabled`)) {
      if (box.type === "checkbox") box.checked = target.checked;
    }
  }
});

if (parts.length) {
  offerPause();
  wait();
}
