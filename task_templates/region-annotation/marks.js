// The regions as they are seen on the picture. Lines, tags and handles keep their size
// on the screen, whatever the zoom.
const marks = (stage) => {
  const { shape, input } = crowdlab;
  const nodes = new WeakMap(); // by region, which never changes
  const [all, tops, sketch] = ["marks", "tops", "tops"].map((name) => shape("g", { class: name }));
  stage.layer.append(all, tops, sketch);

  function path({ kind, points }, end = "Z") {
    if (kind === "point") return "M" + points[0] + "h0";
    if (kind !== "box") return "M" + points.join("L") + end;
    const [left, top, right, bottom] = shapes.bounds(points);
    return "M" + [left, top] + "H" + right + "V" + bottom + "H" + left + "Z";
  }

  const lines = (d, facts) => [shape("path", { class: "back", d }), shape("path", { class: "line", d, ...facts })];
  const dot = ([cx, cy], name, facts) => shape("circle", { class: name, cx, cy, ...facts });

  function make(region, { color, sign, dash }) {
    const text = shape("text", { dy: ".35em" });
    const tag = shape("g", { class: "tag" }, shape("circle", { r: 9, fill: color }), text);
    const [x, y] = shapes.bounds(region.points);
    const top = region.kind === "polygon" ? region.points.find((point) => point[1] === y) : [x, y];
    text.textContent = sign;
    tag.style.transform = "translate(" + top.map((n) => n + "px") + ") scale(var(--unit))";
    const node = shape("g", { class: region.kind, "data-id": region.id }, ...lines(path(region), { stroke: color, fill: color, "stroke-dasharray": dash }), tag);
    nodes.set(region, node);
    return node;
  }

  // The smaller lie above the larger, so that all can be picked.
  function show(regions, classOf, chosen) {
    const sorted = [...regions].sort((a, b) => shapes.area(b.kind, b.points) - shapes.area(a.kind, a.points));
    refill(all, sorted.map((region) => {
      const node = nodes.get(region) ?? make(region, classOf(region.cls));
      node.classList.toggle("chosen", region.id === chosen);
      return node;
    }));
  }

  function showGrips(grips, current) {
    tops.replaceChildren(...grips.flatMap(({ at, vertex, add }, n) => {
      const name = add !== undefined ? " add" : vertex !== undefined && vertex === current ? " current" : "";
      return [dot(at, "grip" + name), dot(at, "reach", { "data-grip": n })];
    }));
  }

  // What is being drawn, and the cross that keys move.
  function showSketch(draft, tip, cross, stroke) {
    sketch.replaceChildren();
    if (cross) sketch.append(...lines("M" + cross[0] + " 0V" + input.height + "M0 " + cross[1] + "H" + input.width, { stroke: "#000" }));
    if (!draft) return;
    const { kind, points } = draft;
    sketch.append(...lines(path({ kind, points: tip ? [...points, tip] : points }, ""), { stroke, "stroke-dasharray": "6 4" }));
    if (kind === "polygon") sketch.append(...points.map((point, n) => dot(point, n || points.length < 3 ? "grip" : "grip close")));
  }

  return { show, showGrips, showSketch, scale: () => stage.layer.style.setProperty("--unit", stage.unit()) };
};
