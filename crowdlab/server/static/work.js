"use strict";

// The time that is left, and what happens when the frame reports its answer or a problem.

const timer = document.getElementById("timer");
const warning = document.getElementById("warning");
const frame = document.getElementById("task");
const auto = document.getElementById("auto");
const report = document.getElementById("report");
const MOST_TEXT = 2000;

function warn(text) {
  if (warning.textContent !== text) warning.textContent = text;
  warning.hidden = false;
}

function countDown() {
  const end = performance.now() + Number(timer.dataset.seconds) * 1000;

  function tick() {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    timer.textContent = shown.map((part) => String(part).padStart(2, "0")).join(":") + " left";
    if (seconds === 0) {
      warn("The time is over. Copy what you want to keep; it can no longer be submitted.");
      clearInterval(ticking);
    } else if (seconds <= 60) {
      warn("Less than a minute is left.");
    }
  }

  const ticking = setInterval(tick, 1000);
  tick();
}

// Nothing is sent for the worker: the form is only opened and filled in.
function offerReport(reason) {
  const text = document.getElementById("problem");
  report.open = true;
  report.querySelector("[value=broken]").checked = true;
  if (!text.value && typeof reason === "string") text.value = reason.slice(0, MOST_TEXT);
  text.focus();
}

function goOn() {
  if (frame.dataset.after) location.replace(frame.dataset.after);
  else if (auto.checked) document.getElementById("next").requestSubmit();
  else location.replace(location.pathname);
}

if (timer) countDown();

addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow) return;
  if (event.data?.crowdlab === "submitted") goOn();
  else if (event.data?.crowdlab === "problem" && report) offerReport(event.data.reason);
});
