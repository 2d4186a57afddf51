"use strict";

// Holds texts against the patterns of their questions, as the form's author wrote them.

function complaint(field) {
  if (field.value === "") return "";
  for (const { regex, flags, text } of JSON.parse(field.dataset.patterns)) {
    let pattern;
    try {
      pattern = new RegExp(regex, flags);
    } catch {
      continue; // The author's mistake is not the worker's.
    }
    if (!pattern.test(field.value)) return text || "This does not have the form that was asked for.";
  }
  return "";
}

for (const field of document.querySelectorAll("[data-patterns]")) {
  field.addEventListener("input", () => field.setCustomValidity(complaint(field)));
}
