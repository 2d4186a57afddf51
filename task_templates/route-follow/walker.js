// A walker: goes by arrow keys or to a place, slides along walls, and notes the path.
{
  const BODY = 0.2; // metres from the middle of a body to a wall
  const STEP = 0.5; // what one press of a key goes
  const SPEED = 4; // metres a second
  const LEG = 2; // the longest part of a path that has one time
  const STRAIGHT = 0.98; // the cosine of a bend that begins no new leg
  const MOST = 4000; // points of a path
  const SLOWEST = 0.05; // seconds between two frames that count
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const off = (a, b) => Math.hypot(b.x - a.x, b.y - a.y);

  // `metre` is one in pixels; moved() is called for every frame, stopped() at each end.
  crowdlab.walker = ({ ground, start: [x, y], metre, moved, stopped }) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const body = BODY * metre;
    const walked = { path: [[x, y]], times: [0] };
    const me = { at: { x, y }, heading: null };

    function last() {
      const [x, y] = walked.path.at(-1);
      return { x, y };
    }

    function note() {
      if (off(last(), me.at) === 0) return;
      walked.path.push([me.at.x, me.at.y]);
      walked.times.push(crowdlab.tick());
    }

    // Whether a straight line from the last point noted to the next place would not do.
    function bends(to) {
      const from = last();
      const far = off(from, me.at);
      if (far === 0) return false;
      const along = (me.at.x - from.x) * (to.x - me.at.x) + (me.at.y - from.y) * (to.y - me.at.y);
      return along < STRAIGHT * far * off(me.at, to) || far > LEG * metre || !ground.sees(from, to);
    }

    const full = () => walked.path.length >= MOST;

    // Goes by small steps, so that no wall is jumped; says whether it got anywhere.
    function advance([dx, dy], distance) {
      const from = me.at;
      const n = Math.ceil(distance / (body / 2));
      for (let i = 0; i < n && !full(); i++) {
        const to = ground.step(me.at, (dx * distance) / n, (dy * distance) / n, body);
        if (bends(to)) note();
        me.at = to;
      }
      const far = off(from, me.at);
      if (far > 0) me.heading = Math.atan2(me.at.y - from.y, me.at.x - from.x);
      return far > distance / 100;
    }

    // What it is about: arrows that are held down, what is left of the step of the last
    // one, or a place.
    const held = new Map();
    let course = [0, 0];
    let owed = 0;
    let place = null;
    let clock = null;

    function goOn(distance) {
      const [dx, dy] = [...held.values()].reduce(([a, b], [c, d]) => [a + c, b + d]);
      course = [dx, dy].map((part) => part / (Math.hypot(dx, dy) || 1));
      owed -= distance;
      advance(course, distance);
      return true;
    }

    function finishStep(distance) {
      const left = Math.min(distance, owed);
      owed -= left;
      return left > 0 && advance(course, left);
    }

    function goToPlace(distance) {
      const far = off(me.at, place);
      const left = Math.min(distance, far);
      const goes = far > 0 && advance([(place.x - me.at.x) / far, (place.y - me.at.y) / far], left);
      if (!goes || off(me.at, place) > far - left / 10) place = null;
      return place !== null;
    }

    function go(distance) {
      if (held.size > 0) return goOn(distance);
      return place ? goToPlace(distance) : finishStep(distance);
    }

    // The first frame may have begun before the key or click that it is for.
    function frame(now) {
      const seconds = Math.min((now - clock) / 1000, SLOWEST);
      if (seconds <= 0) return requestAnimationFrame(frame);
      clock = now;
      const goes = go(SPEED * metre * seconds);
      moved();
      if (goes) requestAnimationFrame(frame);
      else stop();
    }

    function stop() {
      clock = null;
      note();
      stopped();
    }

    function set() {
      if (clock !== null) return;
      clock = performance.now();
      if (!still) return requestAnimationFrame(frame);
      while (go(STEP * metre));
      moved();
      stop();
    }

    // Whether a key is one to walk by; it then walks.
    function press({ key, repeat, shiftKey, ctrlKey, metaKey, altKey }) {
      const way = ARROWS[key];
      if (!way || shiftKey || ctrlKey || metaKey || altKey) return false;
      if (repeat && !still) return true;
      [place, course, owed] = [null, way, STEP * metre];
      if (!still) held.set(key, way);
      set();
      return true;
    }

    function head(to) {
      place = to;
      set();
    }

    function restore({ path, times }) {
      const [[a, b], [c, d]] = [path.at(-2) ?? path[0], path.at(-1)];
      Object.assign(walked, { path, times });
      Object.assign(me, { at: last(), heading: path.length > 1 ? Math.atan2(d - b, c - a) : null });
    }

    addEventListener("keyup", ({ key }) => held.delete(key));
    for (const node of [window, document]) node.addEventListener(node === window ? "blur" : "visibilitychange", () => held.clear());
    const far = () => walked.path.reduce((sum, [x, y], n, path) => sum + (n && Math.hypot(x - path[n - 1][0], y - path[n - 1][1])), 0);
    return { me, walked, note, press, head, restore, full, release: () => held.clear(), metres: () => far() / metre };
  };
}
