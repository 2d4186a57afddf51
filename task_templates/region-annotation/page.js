{
  const { input, make, say, record } = crowdlab;
  const byId = (id) => document.getElementById(id);
  const [said, all, none, tools, acts] = ["said", "all", "none", "tools", "acts"].map(byId);
  const TOOLS = { v: "select", b: "box", p: "polygon", o: "point" };
  const MOST_LETTERS = 50000; // of an answer's 60,000: the rest is for what all answers say
  const { min: least = 1, max: most = 500 } = input;

  let cls = input.classes[0].value ?? input.classes[0];
  let tool = input.tools[0];
  let chosen = null; // the id of a region
  let vertex = null; // the corner of it that keys move
  let trial = null; // the region while it is dragged
  let aim = false; // whether the pointer is over what can be dragged
  let moving = false; // whether Space is held

  const palette = classList(byId("classes"), setClass);
  const book = regions(() => {
    show();
    crowdlab.changed();
  });
  const current = () => book.find(chosen);
  const seen = () => book.all.filter((region) => all.checked || region.cls === cls);
  const grips = () => (chosen ? shapes.grips(trial ?? current()).filter(({ room = Infinity }) => room > 40 * stage.unit()) : []);

  function tell(key, values = {}) {
    Object.assign(said.dataset, { t: key }, values);
    said.textContent = say(key, values);
  }

  const tellOf = (key, region) => tell(key, { cls: palette.name(region.cls), n: region.n });

  function refuse(key) {
    record("unfit", key);
    tell(key, { least, most });
    show();
  }

  function show() {
    if (!current()) chosen = vertex = null;
    trial = null;
    list.show(seen(), chosen);
    showPicture();
    showTools();
    palette.show(cls, book.all);
    none.checked = book.none;
    byId("count").textContent = say("count", { n: book.all.length });
  }

  function showPicture() {
    scene.show(seen().map((region) => (region.id === trial?.id ? trial : region)), palette.of, chosen);
    scene.showGrips(grips(), vertex);
  }

  function showTools() {
    const { draft } = drawing;
    const can = { ...book.can, delete: chosen, close: draft?.kind === "polygon", cancel: draft };
    can.undo ||= draft;
    for (const button of acts.children) {
      // As many while something is drawn, so that the picture stays where it is.
      button.hidden = (draft ? ["redo", "delete"] : ["close", "cancel"]).includes(button.name);
      button.ariaDisabled = String(!can[button.name]);
    }
    for (const radio of tools.querySelectorAll("input")) radio.checked = radio.value === tool;
    stage.svg.classList.toggle("picking", tool === "select");
  }

  function add(kind, points, how) {
    points = shapes.tidy(kind, points);
    const fault = book.all.length < most ? shapes.fault(kind, points) : "regions.limits";
    if (fault) return refuse(fault);
    const region = book.add({ cls, kind, points, how });
    if (how === "keyboard") choose(region.id);
    tellOf("said.add", region);
  }

  function tryOut(points) {
    trial = points && { ...current(), points: shapes.tidy(current().kind, points) };
    showPicture();
  }

  function reshape(points, step) {
    const { kind } = current();
    points = shapes.tidy(kind, points);
    const fault = shapes.fault(kind, points);
    if (fault) return refuse(fault);
    tellOf("said.change", book.change(chosen, { points }, step));
  }

  function remove(id) {
    const region = book.find(id);
    book.remove(id);
    tellOf("said.delete", region);
  }

  function choose(id) {
    if (id === chosen) return;
    [chosen, vertex] = [id, null];
    book.pause();
    if (id) {
      cls = current().cls;
      tellOf("said.choose", current());
    }
    show();
    if (id) list.reveal(id);
  }

  function setClass(value) {
    cls = value;
    if (chosen && current().cls !== value) tellOf("said.change", book.change(chosen, { cls }));
    else tell("said.class", { cls: palette.name(cls) });
    show();
  }

  function setTool(name) {
    tool = name;
    drawing.stop();
    if (tool !== "select") choose(null);
    showTools();
  }

  function undo() {
    if (drawing.back() || book.undo()) tell("said.undo");
  }

  function redo() {
    if (book.redo()) tell("said.redo");
  }

  function removeChosen() {
    if (!chosen) return false;
    if (vertex === null) return remove(chosen);
    reshape(current().points.filter((_, n) => n !== vertex));
    setVertex(Math.min(vertex, current().points.length - 1));
  }

  function setVertex(n) {
    vertex = n;
    show();
  }

  function leave() {
    if (drawing.stop()) return tell("said.cancel");
    if (vertex !== null) return setVertex(null);
    choose(null);
  }

  // The next region in the list, or the next corner.
  function step(by) {
    if (vertex !== null) return setVertex((vertex + by + current().points.length) % current().points.length);
    const ids = seen().map(({ id }) => id).reverse();
    const at = chosen ? ids.indexOf(chosen) : Math.min(-by, 0);
    if (ids.length) find(ids[(at + by + ids.length) % ids.length]);
  }

  // Chooses what may be out of sight.
  function find(id) {
    choose(id);
    const [left, top, right, bottom] = shapes.bounds(current().points);
    const [x, y, w, h] = view();
    if (left < x || top < y || right > x + w || bottom > y + h) stage.pan((left + right) / 2 - x - w / 2, (top + bottom) / 2 - y - h / 2);
  }

  const view = () => stage.svg.getAttribute("viewBox").split(" ").map(Number);

  function nudge([dx, dy], isResize) {
    const put = ([x, y]) => shapes.clip([x + dx, y + dy]);
    if (drawing.cross) return drawing.setCross(put(drawing.cross));
    if (!chosen) return false;
    const { kind, points } = current();
    if (vertex !== null) reshape(points.map((point, n) => (n === vertex ? put(point) : point)), "corner" + vertex);
    else if (isResize && kind === "box") reshape([points[0], put(points[1])], "size");
    else reshape(shapes.moved(points, [dx, dy]), "move");
  }

  function enter() {
    if (drawing.draft?.kind === "polygon") return drawing.close();
    if (drawing.cross) return drawing.press(tool);
    if (!chosen || current().kind !== "polygon") return false;
    setVertex(vertex ?? 0);
  }

  function space() {
    if (drawing.cross) drawing.press(tool);
    else moving = true;
  }

  function insert() {
    if (vertex === null) return false;
    const { at, put } = shapes.grips(current()).find(({ add: place }) => place === vertex + 1);
    reshape(put(at));
    setVertex(vertex + 1);
  }

  function startCross() {
    if (tool === "select") setTool(input.tools[0]);
    choose(null);
    const [x, y, w, h] = view();
    drawing.setCross([x + w / 2, y + h / 2].map(Math.round));
    tell("said.cross");
  }

  function letter(key) {
    const value = palette.withKey(key);
    if (value) return setClass(value);
    if (TOOLS[key] !== "select" && !input.tools.includes(TOOLS[key])) return false;
    setTool(TOOLS[key]);
  }

  const keys = pictureKeys({ undo, redo, nudge, space, enter, leave, remove: removeChosen, fit: () => stage.fit(), step, insert, cross: startCross, letter });

  // What a pointer that goes down takes hold of.
  function take(target) {
    const grip = grips()[target.dataset.grip];
    if (grip) {
      setVertex(grip.vertex ?? grip.add ?? null);
      return { put: grip.put, add: "add" in grip };
    }
    const id = target.closest("[data-id]")?.dataset.id ?? null;
    choose(tool === "select" ? id : null);
    return chosen && { put: (_, by) => shapes.moved(book.find(id).points, by) };
  }

  const stage = crowdlab.stage({
    node: byId("stage"),
    width: input.width,
    height: input.height,
    url: input.image,
    id: "image",
    label: "picture",
    tool: () => (moving || (tool === "select" && !aim) ? "pan" : "draw"),
    draw: {
      down: (...given) => drawing.draw.down(...given),
      move: (...given) => drawing.draw.move(...given),
      up: (...given) => drawing.draw.up(...given),
      hover: (...given) => drawing.draw.hover(...given),
      cancel: () => drawing.draw.cancel(),
    },
    keys,
    changed() {
      scene.scale();
      scene.showGrips(grips(), vertex);
    },
  });
  const scene = marks(stage);
  const drawing = pencil(stage, {
    tool: () => tool,
    take,
    tryOut,
    reshape,
    add,
    refuse,
    sketch(draft, tip, cross) {
      scene.showSketch(draft, tip, cross, palette.of(cls).color);
      showTools();
    },
  });

  // Known before the stage asks whether to draw or to move.
  for (const type of ["pointerdown", "pointermove"]) {
    stage.svg.addEventListener(type, ({ target }) => (aim = Boolean(target.closest("[data-id], [data-grip]"))), true);
  }
  // A click beside everything lets go; a drag there moves the picture.
  let pressed = null;
  stage.svg.addEventListener("pointerdown", ({ clientX, clientY }) => (pressed = aim ? null : [clientX, clientY]));
  stage.svg.addEventListener("pointerup", ({ clientX, clientY }) => {
    if (tool === "select" && pressed && Math.hypot(clientX - pressed[0], clientY - pressed[1]) < 5) choose(null);
  });
  stage.svg.addEventListener("keyup", ({ key }) => (moving &&= key !== " "));
  stage.svg.addEventListener("blur", () => (moving = false));

  const list = regionList(byId("list"), { chip: palette.chip, name: palette.name, choose: find, remove });
  // In the list too, a key relabels or deletes what is chosen.
  byId("list").addEventListener("keydown", (event) => {
    const ours = chosen && !event.ctrlKey && !event.metaKey && (event.key === "Delete" || palette.withKey(event.key.toLowerCase()));
    if (ours && keys(event)) event.preventDefault();
  });

  for (const name of ["select", ...input.tools]) {
    const radio = make("input", { type: "radio", name: "tool", value: name, onchange: () => setTool(name) });
    tools.append(make("label", { className: "tool" }, radio, make("span", { data: { t: "tool." + name } })));
  }

  for (const [name, act] of Object.entries({ undo, redo, delete: removeChosen, close: () => drawing.close(), cancel: leave })) {
    acts.append(make("button", { type: "button", className: "tool", name, data: { t: name }, onclick: ({ target }) => target.ariaDisabled === "true" || act() }));
  }

  all.onchange = () => {
    record("all", all.checked);
    if (!seen().includes(current())) choose(null);
    tell(all.checked ? "said.all" : "said.only", { cls: palette.name(cls) });
    show();
  };
  none.onchange = () => book.setNone(none.checked);
  if (input.allow_none === false) none.parentNode.remove();

  function problem() {
    const n = book.all.length;
    if (drawing.draft) return ["regions.open"];
    if (book.none) return n && ["regions.none", { n }];
    if (!n) return [none.isConnected ? "regions.missing.none" : "regions.missing"];
    if (n < least || n > most) return ["regions.limits", { least, most }];
    return JSON.stringify(book.write()).replace(/[^ -~]/g, "\\u0000").length > MOST_LETTERS && ["regions.large"];
  }

  crowdlab.start({
    speak() {
      byId("question").textContent = input.question ?? say("question");
      byId("limits").textContent = input.min || input.max ? say("regions.limits", { least, most }) : "";
      byId("keys-list").replaceChildren(...say("keys.list").split("\n").map((line) => make("li", { textContent: line })));
      palette.speak();
      list.forget();
      show();
    },
    problems: () => [problem()].filter(Boolean).map((found) => ["regions", ...found]),
    state: () => (book.none ? say("none") : say("count", { n: book.all.length })),
    answer: () => ({ image: { width: input.width, height: input.height }, regions: book.write(), none: book.none }),
    save: () => ({ book: book.save(), tool, cls }),
    restore(saved) {
      book.restore(saved.book);
      cls = saved.cls;
      setTool(saved.tool);
    },
  });
}
