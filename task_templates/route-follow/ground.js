// The ground under a walker: walls that nobody goes or looks through.
{
  const ASIDE = 1e-4; // radians: a look past a corner
  const CLOSED = 1e-9; // of a wall's length: nothing slips through where two walls meet
  const LOOKS = 180; // besides those at corners, so that the rim of a view is round
  const SLANT = 2.5; // how much deeper a look along a wall goes into it

  // The rings are the closed outlines of what is free, in pixels.
  crowdlab.ground = (rings) => {
    const walls = rings.flatMap((ring) =>
      ring.map(([x, y], n) => {
        const [u, v] = ring[(n + 1) % ring.length];
        return { x, y, dx: u - x, dy: v - y, length: Math.hypot(u - x, v - y) };
      }));

    // How many times (dx, dy) one can go from a point before there is a wall, and which.
    function reach(from, dx, dy, among = walls) {
      let far = Infinity;
      let wall = null;
      for (const each of among) {
        const cross = dx * each.dy - dy * each.dx;
        if (cross === 0) continue;
        const [x, y] = [each.x - from.x, each.y - from.y];
        const along = (x * dy - y * dx) / cross;
        const until = (x * each.dy - y * each.dx) / cross;
        if (until >= 0 && until < far && along >= -CLOSED && along <= 1 + CLOSED) [far, wall] = [until, each];
      }
      return { far, wall };
    }

    const sees = (from, to) => reach(from, to.x - from.x, to.y - from.y).far > 1;

    // From the nearest point of a wall to another.
    function gap(wall, { x, y }) {
      const share = ((x - wall.x) * wall.dx + (y - wall.y) * wall.dy) / wall.length ** 2;
      const at = Math.max(0, Math.min(share, 1));
      const [dx, dy] = [x - wall.x - at * wall.dx, y - wall.y - at * wall.dy];
      return { dx, dy, far: Math.hypot(dx, dy) };
    }

    // Where a body of that radius comes to: walls push it off, so it slides along them.
    function step(from, dx, dy, body) {
      const to = { x: from.x + dx, y: from.y + dy };
      for (const wall of [...walls, ...walls]) {
        const off = gap(wall, to);
        if (off.far >= body || off.far === 0) continue;
        to.x += off.dx * (body / off.far - 1);
        to.y += off.dy * (body / off.far - 1);
      }
      return sees(from, to) ? to : from;
    }

    // The outline of what one sees as far as the radius, and so deep into the walls.
    function view(from, radius, depth) {
      const near = walls.filter((wall) => gap(wall, from).far < radius);
      const angles = Array.from({ length: LOOKS }, (_, n) => Math.PI * ((2 * n) / LOOKS - 1));
      for (const { x, y } of near) {
        const angle = Math.atan2(y - from.y, x - from.x);
        angles.push(angle - ASIDE, angle + ASIDE);
      }
      const look = (angle) => {
        const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
        const { far, wall } = reach(from, dx, dy, near);
        const slant = wall && Math.min(SLANT, wall.length / Math.abs(dx * wall.dy - dy * wall.dx));
        const end = Math.min(radius, far + slant * depth);
        return [from.x + end * dx, from.y + end * dy];
      };
      return angles.sort((a, b) => a - b).map(look);
    }

    return { sees, step, view };
  };
}
