// A way on a stage: where it starts and ends, by letter as well as by colour, and its line.
{
  const { shape } = crowdlab;
  const listed = (points) => points.map((point) => point.join(",")).join(" ");

  // A disc with a letter, as large on the screen at every zoom.
  function mark(kind, letter, [x, y]) {
    const node = shape("g", { class: "mark " + kind }, shape("circle", { r: 11 }), shape("text", { y: 4.5 }, letter));
    return { node, fit: (unit) => node.setAttribute("transform", "translate(" + x + " " + y + ") scale(" + unit + ")") };
  }

  // Heads of arrows along the line, as far apart and as large on the screen at every zoom.
  function headsOf(route, unit) {
    const [apart, corner] = [80 * unit, 14 * unit];
    let next = apart / 2;
    let drawn = "";
    route.slice(1).forEach(([toX, toY], n) => {
      const [x, y] = route[n];
      const length = Math.hypot(toX - x, toY - y);
      const [dx, dy] = [(unit * (toX - x)) / length, (unit * (toY - y)) / length];
      for (; next < length; next += apart) {
        if (Math.min(next, length - next) < corner) continue;
        const point = (along, aside) => [x + dx * (next / unit + along) - dy * aside, y + dy * (next / unit + along) + dx * aside];
        drawn += "M" + [point(7, 0), point(-5, 7), point(-5, -7)].map(([a, b]) => a.toFixed(2) + " " + b.toFixed(2)).join("L") + "Z";
      }
      next -= length;
    });
    return drawn;
  }

  // Draws what is given of a way into the group; fit(unit) is to be called with the
  // stage's unit whenever the stage changed.
  crowdlab.way = (group, { start, goal, route }) => {
    const marks = [start && mark("start", "S", start), goal && mark("goal", "G", goal)].filter(Boolean);
    const lines = route ? ["casing", "route"].map((kind) => shape("polyline", { class: kind, points: listed(route) })) : [];
    const heads = shape("path", { class: "heads" });
    group.append(...lines, heads, ...marks.map(({ node }) => node));
    return {
      fit(unit) {
        for (const each of marks) each.fit(unit);
        if (route) heads.setAttribute("d", headsOf(route, unit));
      },
    };
  };

  // What the marks mean, in words beside the map.
  crowdlab.legend = (node, { start, goal, route }) => {
    const entries = Object.entries({ start, goal, route }).filter(([, given]) => given);
    const letters = { start: "S", goal: "G", route: "" };
    node.append(
      ...entries.map(([kind]) =>
        make("span", { className: "entry" },
          make("span", { className: "swatch " + kind, textContent: letters[kind], ariaHidden: "true" }),
          make("span", { data: { t: "legend." + kind } }))),
    );
  };
}
