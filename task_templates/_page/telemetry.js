// How the work went: three clocks, how often what was done, and the first events.

const IDLE = 30000;
const MOST_EVENTS = 200;
const work = { elapsed: 0, active: 0, hidden: 0, first: null, counts: {}, events: [] };
let mark = performance.now();
let stirred = mark;
let away = document.hidden;

// Moves the clocks to now. A worker is active while the page is seen and was touched
// in the last half minute.
function tick() {
  const now = performance.now();
  work.elapsed += now - mark;
  if (away) work.hidden += now - mark;
  else work.active += Math.max(0, Math.min(now, stirred + IDLE) - mark);
  mark = now;
  return Math.round(work.elapsed);
}

function stir() {
  tick();
  stirred = mark;
}

function record(name, ...details) {
  const at = tick();
  work.counts[name] = (work.counts[name] ?? 0) + 1;
  if (work.events.length < MOST_EVENTS) work.events.push([at, name, ...details]);
  return at;
}

function telemetry() {
  tick();
  return {
    v: 1,
    elapsed_ms: Math.ceil(work.elapsed),
    active_ms: Math.ceil(work.active),
    hidden_ms: Math.floor(work.hidden),
    first_input_ms: work.first,
    counts: work.counts,
    events: work.events,
    viewport: [innerWidth, innerHeight],
    dpr: devicePixelRatio,
    touch: matchMedia("(pointer: coarse)").matches,
  };
}

for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "scroll", "touchstart"]) {
  addEventListener(name, stir, { passive: true });
}

document.addEventListener("visibilitychange", () => {
  tick();
  away = document.hidden;
  record(away ? "hide" : "show");
});
