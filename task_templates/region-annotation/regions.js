// What is marked in the picture, and every step that led there, to be undone. A region
// never changes: another takes its place.
const regions = (changed) => {
  const { input, record } = crowdlab;
  const PAUSE = 1000; // milliseconds that part the steps of a key that is held
  const initial = (input.initial ?? []).map(({ bbox, points, ...region }, n) => ({
    id: "i" + (n + 1), ...region, n: n + 1, points: bbox ? shapes.fromBox(bbox) : shapes.tidy("", points), t: 0, edits: 0, how: "initial",
  }));
  const [past, future] = [[], []];
  let now = { all: initial, none: false, serial: initial.length };
  let run = { step: "", until: 0 };

  const find = (id, { all } = now) => all.find((region) => region.id === id);

  // Steps of one name in a row are undone at once; it says whether this one goes on so.
  function commit(next, step = "") {
    const goesOn = step && run.step === step && performance.now() < run.until;
    if (!goesOn) past.push(now);
    run = { step, until: performance.now() + PAUSE };
    future.length = 0;
    now = { ...now, ...next };
    changed();
    return goesOn;
  }

  function travel(name, from, to) {
    if (!from.length) return false;
    record(name);
    to.push(now);
    now = from.pop();
    run.step = "";
    changed();
    return true;
  }

  function add(facts) {
    let { serial } = now;
    do serial++;
    while (find("r" + serial));
    const region = { id: "r" + serial, n: serial, ...facts, t: record("add", facts.kind, facts.how), edits: 0 };
    commit({ all: [...now.all, region], none: false, serial });
    return region;
  }

  function change(id, changes, step) {
    const region = { ...find(id), ...changes };
    const goesOn = commit({ all: now.all.map((old) => (old.id === id ? region : old)) }, step);
    if (!goesOn) record(changes.cls ? "relabel" : "edit", id, ++region.edits);
    return region;
  }

  function remove(id) {
    record("delete", id);
    commit({ all: now.all.filter((region) => region.id !== id) });
  }

  // What was there to begin with, and is again as it was, is not modified.
  function write(region) {
    const { id, cls, kind, points, t, edits, how } = region;
    const what = { id, cls, kind, ...(kind === "box" ? { bbox: shapes.toBox(points) } : { points }) };
    const same = ({ cls, points }) => JSON.stringify([cls, points]);
    const modified = how === "initial" ? same(region) !== same(find(id, { all: initial })) : edits > 0;
    return { ...what, t, edits, how, modified };
  }

  return {
    get all() { return now.all; },
    get none() { return now.none; },
    get can() { return { undo: past.length > 0, redo: future.length > 0 }; },
    find, add, change, remove,
    setNone: (none) => commit({ none }),
    pause: () => (run.step = ""),
    undo: () => travel("undo", past, future),
    redo: () => travel("redo", future, past),
    write: () => now.all.map(write),
    save: () => now,
    restore: (saved) => (now = saved),
  };
};
