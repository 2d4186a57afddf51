// Shapes in pixels of the picture, in hundredths, so that pages and servers agree. The
// points of a box are its upper left and its lower right corner.
const shapes = (() => {
  const { width, height, min_side, min_area } = crowdlab.input;
  const { min, max, abs, round, sign } = Math;
  const cent = (n) => round(n * 100) / 100;
  const minus = ([a, b], [c, d]) => [a - c, b - d];
  const cross = ([a, b], [c, d]) => a * d - b * c;
  const clip = ([x, y]) => [max(0, min(x, width)), max(0, min(y, height))];

  function bounds(points) {
    const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
    return [min(...xs), min(...ys), max(...xs), max(...ys)];
  }

  function tidy(kind, points) {
    const [left, top, right, bottom] = bounds(points);
    return (kind === "box" ? [[left, top], [right, bottom]] : points).map((point) => point.map(cent));
  }

  const fromBox = ([x, y, w, h]) => tidy("box", [[x, y], [x + w, y + h]]);
  const toBox = ([a, b]) => [...a, ...minus(b, a).map(cent)];

  function area(kind, points) {
    const [left, top, right, bottom] = bounds(points);
    if (kind !== "polygon") return (right - left) * (bottom - top);
    return abs(points.reduce((sum, point, n) => sum + cross(points.at(n - 1), point), 0)) / 2;
  }

  // Whether two sides have a point in common: they are near, and neither has both ends of
  // the other on one hand.
  function meets([a, b], [c, d]) {
    const [one, other] = [bounds([a, b]), bounds([c, d])];
    const apart = [0, 1].some((axis) => one[axis] > other[axis + 2] || other[axis] > one[axis + 2]);
    const hand = (p, q, end) => sign(cross(minus(q, p), minus(end, p)));
    return !apart && hand(a, b, c) * hand(a, b, d) <= 0 && hand(c, d, a) * hand(c, d, b) <= 0;
  }

  // A closed outline may not even touch itself. In whole numbers the sums are exact.
  function crosses(points) {
    const all = points.map((point) => point.map((n) => round(n * 100)));
    const sides = all.map((end, n) => [all.at(n - 1), end]);
    return sides.some((side, n) => {
      const [one, next] = [side, sides[(n + 1) % sides.length]].map(([from, to]) => minus(to, from));
      if (cross(one, next) === 0 && one[0] * next[0] + one[1] * next[1] <= 0) return true;
      return sides.some((other, m) => m > n + 1 && (n || m < sides.length - 1) && meets(side, other));
    });
  }

  // The message of what is wrong with a shape. Two loops of a crossing outline may have
  // no area together: crossing goes first.
  function fault(kind, points) {
    if (kind === "point") return "";
    if (kind === "box" && min(...toBox(points).slice(2)) < min_side) return "unfit.small";
    if (kind === "polygon" && points.length < 3) return "unfit.few";
    if (kind === "polygon" && crosses(points)) return "unfit.crossing";
    return area(kind, points) < min_area ? "unfit.small" : "";
  }

  // Moved, but not out of the picture.
  function moved(points, [dx, dy]) {
    const [left, top, right, bottom] = bounds(points);
    const x = max(-left, min(dx, width - right));
    const y = max(-top, min(dy, height - bottom));
    return points.map((point) => minus(point, [-x, -y]));
  }

  // What can be dragged: where it is, the points when it is put elsewhere, and the room
  // that it needs. Of an outline, its corners and the middles of its sides.
  function gripsOfOutline(points) {
    return points.flatMap((at, n) => {
      const side = minus(points[(n + 1) % points.length], at);
      return [
        { at, vertex: n, put: (point) => points.map((old, m) => (m === n ? point : old)) },
        { at: minus(at, side.map((length) => -length / 2)), add: n + 1, room: Math.hypot(...side), put: (point) => [...points.slice(0, n + 1), point, ...points.slice(n + 1)] },
      ];
    });
  }

  function gripsOfBox([[left, top], [right, bottom]]) {
    return ["00", "10", "20", "21", "22", "12", "02", "01"].map(([i, j]) => ({
      at: [[left, (left + right) / 2, right][i], [top, (top + bottom) / 2, bottom][j]],
      room: i === "1" || j === "1" ? min(right - left, bottom - top) : Infinity,
      put: ([x, y]) => [[i === "0" ? x : left, j === "0" ? y : top], [i === "2" ? x : right, j === "2" ? y : bottom]],
    }));
  }

  function grips({ kind, points }) {
    if (kind === "point") return [];
    return kind === "box" ? gripsOfBox(points) : gripsOfOutline(points);
  }

  return { bounds, tidy, clip, fromBox, toBox, area, fault, moved, grips };
})();
