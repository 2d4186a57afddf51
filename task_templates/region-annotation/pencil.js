// What a pointer, or the cross that keys move, draws: a shape by dragging or by clicks.
// It changes what is chosen too, dragged whole or by a grip. The `desk` says what there
// is, and takes what comes of it.
const pencil = (stage, desk) => {
  const TWICE = 400; // milliseconds between the two of a double click
  let draft = null; // { kind, points, how }
  let held = null; // what the pointer does since it went down
  let tip = null; // where the draft goes next
  let cross = null;
  let last = { at: 0, point: [0, 0] };

  const pair = ({ x, y }) => [x, y];
  const gap = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) / stage.unit();

  function set(next, point = null) {
    draft = next;
    tip = next && point;
    desk.sketch(draft, tip, cross);
  }

  function finish(points, { kind, how } = draft) {
    cross = null;
    set(null);
    desk.add(kind, points, how);
  }

  const close = () => (draft.points.length > 2 ? finish(draft.points) : desk.refuse("unfit.few"));

  // A corner at this place, or the end of the outline: at its first corner, or twice at
  // the last.
  function corner(point, how, reach) {
    const { points } = draft ?? { points: [] };
    const twice = points.length && performance.now() - last.at < TWICE && gap(last.point, point) < 6;
    last = { at: performance.now(), point };
    if (twice || (points.length > 2 && gap(points[0], point) <= reach)) return close();
    set({ kind: "polygon", how, ...draft, points: [...points, point] }, point);
  }

  function press(kind, point, how, reach = 1) {
    if (kind === "polygon") return corner(point, how, reach);
    if (kind === "point") return finish([point], { kind, how });
    if (draft) finish([draft.points[0], point]);
    else set({ kind, points: [point], how }, point);
  }

  function down(place, event) {
    const [kind, point] = [desk.tool(), pair(place)];
    held = { from: point, kind, ...(!draft && desk.take(event.target)) };
    cross = null;
    if (held.put) return;
    held.began = kind === "box" && !draft;
    if (held.began) press(kind, point, "click");
    else set(draft, draft && point);
  }

  const put = (point) => held.put(point, [point[0] - held.from[0], point[1] - held.from[1]]);

  function move(place) {
    const point = pair(place);
    held.moved ||= gap(held.from, point) > 4;
    if (!held.put) set(draft, point);
    else if (held.moved) desk.tryOut(put(point));
  }

  function up(place, event) {
    const point = pair(place);
    const { kind, began, moved, add } = held;
    if (held.put) {
      if (moved || add) desk.reshape(put(point));
    } else if (began && moved) finish([held.from, point], { kind, how: "drag" });
    else if (!began && kind !== "select") press(kind, point, "click", event.pointerType === "touch" ? 20 : 10);
    held = null;
  }

  // The second finger of a pinch came: what the first began was not meant.
  function cancel() {
    if (held?.put) desk.tryOut(null);
    set(held?.began ? null : draft);
    held = null;
  }

  function stop() {
    const busy = draft || cross;
    cross = null;
    set(null);
    return Boolean(busy);
  }

  return {
    draw: { down, move, up, cancel, hover: (place) => draft && set(draft, pair(place)) },
    get draft() { return draft; },
    get cross() { return cross; },
    setCross(point) {
      cross = shapes.clip(point);
      set(draft, cross);
    },
    press: (kind) => press(kind, cross, "keyboard"),
    close,
    stop,
    back() {
      if (!draft) return false;
      const points = draft.points.slice(0, -1);
      set(points.length ? { ...draft, points } : null, tip);
      return true;
    },
  };
};
