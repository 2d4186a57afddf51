"use strict";

// The time that is left, and what happens when the frame reports its answer.

const timer = document.getElementById("timer");
const warning = document.getElementById("warning");
const frame = document.getElementById("task");
const end = performance.now() + Number(timer.dataset.seconds) * 1000;

function warn(text) {
  if (warning.textContent !== text) warning.textContent = text;
  warning.hidden = false;
}

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

addEventListener("message", (event) => {
  if (event.source === frame.contentWindow && event.data?.crowdlab === "submitted") {
    location.reload();
  }
});
