// The stage: a picture that is zoomed and moved, with room to draw on it. It is one SVG
// whose unit is a pixel of the picture as it is stored, whatever the screen makes of it.
{
  const MOST = 8; // times as large as the picture fits
  const STEP = 1.5;
  const PAUSE = 1000; // milliseconds that part one gesture from the next
  const TINY = 1e-6;
  const within = (least, value, most) => Math.max(least, Math.min(value, most));

  function shape(tag, attributes = {}, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  // The part of the picture that is seen. Every zoom and every move is a look: at some
  // zoom, a point of the picture comes to where another is seen now. It says whether
  // that changed anything.
  function lens(width, height, changed) {
    const view = { x: 0, y: 0, zoom: 1 };
    const size = () => [width / view.zoom, height / view.zoom];
    const centre = () => ({ x: view.x + size()[0] / 2, y: view.y + size()[1] / 2 });

    function look(zoom, point, place = point) {
      const to = within(1, zoom, MOST);
      const x = within(0, point.x - ((place.x - view.x) * view.zoom) / to, width - width / to);
      const y = within(0, point.y - ((place.y - view.y) * view.zoom) / to, height - height / to);
      if (Math.max(Math.abs(x - view.x), Math.abs(y - view.y), Math.abs(to - view.zoom)) < TINY) return false;
      Object.assign(view, { x, y, zoom: to });
      changed();
      return true;
    }

    function can() {
      const [w, h] = size();
      const { x, y, zoom } = view;
      const [left, up, right, down] = [x > TINY, y > TINY, x + w < width - TINY, y + h < height - TINY];
      return { in: zoom < MOST, out: zoom > 1, fit: zoom > 1, left, up, down, right };
    }

    const pan = (dx, dy) => look(view.zoom, { x: centre().x + dx, y: centre().y + dy }, centre());
    return {
      look,
      can,
      pan,
      zoom: () => view.zoom,
      box: () => [view.x, view.y, ...size()].join(" "),
      by: (factor, point = centre()) => look(view.zoom * factor, point),
      fit: () => look(1, centre()),
      step: (dx, dy) => pan((dx * size()[0]) / 5, (dy * size()[1]) / 5),
      show: (x, y, w, h) => look(Math.min(width / w, height / h), { x: x + w / 2, y: y + h / 2 }, centre()),
    };
  }

  // A gesture is many small changes: the first is recorded for all of them.
  function recorder() {
    let last = "";
    let until = 0;
    return (what, how) => {
      const now = performance.now();
      if (last !== what + how || now > until) record(what, how);
      last = what + how;
      until = now + PAUSE;
    };
  }

  // One pointer draws or moves, two zoom and move: what was being drawn when the second
  // came was not meant.
  function listenToPointers(svg, { lens, seen, at, note, tool, draw }) {
    const held = new Map();
    let grip = null; // the point of the picture between the pointers, their gap, the zoom
    let drawing = false;

    function hand() {
      const [a, b = a] = held.values();
      const point = seen((a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
      return { point, gap: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), zoom: lens.zoom() };
    }

    function drag() {
      const now = hand();
      const zoom = grip.gap && now.gap ? (grip.zoom * now.gap) / grip.gap : now.zoom;
      if (lens.look(zoom, grip.point, now.point)) note(...(now.gap ? ["zoom", "pinch"] : ["pan", "drag"]));
    }

    function release(event) {
      if (!held.delete(event.pointerId)) return;
      if (drawing) draw[event.type === "pointerup" ? "up" : "cancel"]?.(at(event), event);
      drawing = false;
      if (held.size) grip = hand();
    }

    svg.addEventListener("pointerdown", (event) => {
      if (event.button > 1) return;
      svg.setPointerCapture(event.pointerId);
      held.set(event.pointerId, event);
      if (drawing) draw.cancel?.();
      drawing = held.size === 1 && event.button === 0 && tool() === "draw";
      if (drawing) draw.down?.(at(event), event);
      grip = hand();
    });
    svg.addEventListener("pointermove", (event) => {
      svg.classList.toggle("drawn", tool() === "draw");
      if (!held.has(event.pointerId)) {
        if (tool() === "draw") draw.hover?.(at(event), event);
        return;
      }
      held.set(event.pointerId, event);
      if (drawing) draw.move?.(at(event), event);
      else drag();
    });
    svg.addEventListener("pointerup", release);
    svg.addEventListener("pointercancel", release);

    // One finger scrolls the page, unless there is something to move or to draw.
    svg.addEventListener("touchmove", (event) => {
      const ours = event.touches.length > 1 || drawing || lens.zoom() > 1;
      if (ours && event.cancelable) event.preventDefault();
    }, { passive: false });
  }

  // The page scrolls by the wheel, unless that changes the zoom.
  function listenToWheel(svg, { lens, at, note }) {
    svg.addEventListener("wheel", (event) => {
      const turn = event.deltaY * (event.deltaMode ? 30 : 1) * (event.ctrlKey ? 5 : 1);
      if (!lens.by(Math.exp(-turn / 500), at(event))) return;
      event.preventDefault();
      note("zoom", "wheel");
    }, { passive: false });
  }

  // What keys and buttons do: name, keys, the button's sign.
  const acts = (lens) => [
    ["out", "-_", "\u2212", () => lens.by(1 / STEP)],
    ["in", "+=", "+", () => lens.by(STEP)],
    ["fit", "0", "", lens.fit],
    ["left", "ArrowLeft", "\u2190", () => lens.step(-1, 0)],
    ["up", "ArrowUp", "\u2191", () => lens.step(0, -1)],
    ["down", "ArrowDown", "\u2193", () => lens.step(0, 1)],
    ["right", "ArrowRight", "\u2192", () => lens.step(1, 0)],
  ];
  const kindOf = (name) => (["out", "in", "fit"].includes(name) ? "zoom" : "pan");

  function listenToKeys(svg, { lens, note, keys }) {
    const all = acts(lens);
    svg.addEventListener("keydown", (event) => {
      if (keys(event)) return event.preventDefault();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [name, , , act] = all.find(([, its]) => (event.key.length > 1 ? its === event.key : its.includes(event.key))) ?? [];
      if (!act?.()) return;
      event.preventDefault();
      note(kindOf(name), "key");
    });
  }

  // A button that can do nothing keeps the focus: who works by keys is not thrown out.
  function toolbar({ lens, note }) {
    const buttons = acts(lens).map(([name, , sign, act]) => {
      const data = sign ? { tLabel: "stage." + name } : { t: "stage." + name };
      const button = make("button", { type: "button", className: "tool", textContent: sign, data });
      button.addEventListener("click", () => act() && note(kindOf(name), "button"));
      return [name, button];
    });
    const [out, into, fit, ...moves] = buttons.map(([, button]) => button);
    const zoom = make("output", { className: "zoom", data: { t: "stage.zoom" } });
    const more = make("button", { type: "button", className: "tool", ariaExpanded: "false", data: { t: "stage.move" } });
    const rest = make("div", { className: "moves", hidden: true }, ...moves);
    more.addEventListener("click", () => {
      rest.hidden = !rest.hidden;
      more.ariaExpanded = String(!rest.hidden);
    });
    const node = make("div", { className: "tools" }, out, zoom, into, fit, more, rest);

    function show() {
      const can = lens.can();
      for (const [name, button] of buttons) button.ariaDisabled = String(!can[name]);
      zoom.dataset.n = Math.round(lens.zoom() * 100);
      zoom.textContent = say("stage.zoom", zoom.dataset);
    }

    return { node, show };
  }

  // A picture of another size than was said would make every coordinate wrong: it
  // counts as one that did not come.
  function hang(image, notice, { url, id, width, height }) {
    const loader = crowdlab.picture(url, id);
    loader.addEventListener("load", () => {
      const [w, h] = [loader.naturalWidth, loader.naturalHeight];
      image.setAttribute("href", url);
      notice.hidden = w === width && h === height;
      if (notice.hidden) return;
      Object.assign(notice.dataset, { w, h, width, height });
      notice.textContent = say("picture.mismatch", notice.dataset);
      record("image_mismatch", id, w, h);
      pictures.set(loader, "broken");
      update();
    });
  }

  // Fills an empty node with a picture that can be zoomed and moved. `tool` says what one
  // pointer does now, "pan" or "draw"; `draw` has down, move, up and hover, which get a
  // point of the picture and the event, and cancel; `keys` may use a key before the
  // stage does, and says so; `changed` is called after every zoom and move.
  function stage({ node, width, height, url, id, label, tool = () => "pan", draw = {}, keys = () => false, changed = () => {} }) {
    const image = shape("image", { width, height, preserveAspectRatio: "none" });
    const [under, layer] = [shape("g"), shape("g")];
    const sheet = shape("rect", { class: "sheet", width, height });
    const svg = shape("svg", { class: "scene", tabindex: 0, role: "application", "data-t-label": label }, sheet, image, under, layer);
    const notice = make("p", { className: "error", role: "alert", hidden: true, data: { t: "picture.mismatch" } });
    const hint = make("p", { className: "quiet keys", id: node.id + "-keys", data: { t: "stage.keys" } });
    svg.setAttribute("aria-describedby", hint.id);
    svg.style.setProperty("--ratio", width / height);

    const seen = (x, y) => new DOMPoint(x, y).matrixTransform(layer.getScreenCTM().inverse());
    function at(event) {
      const { x, y } = seen(event.clientX, event.clientY);
      return { x: within(0, x, width), y: within(0, y, height) };
    }

    function show() {
      svg.setAttribute("viewBox", view.box());
      svg.classList.toggle("large", view.zoom() > 1);
      tools.show();
      changed();
    }

    const view = lens(width, height, show);
    const parts = { lens: view, seen, at, note: recorder(), tool, draw, keys };
    const tools = toolbar(parts);
    listenToPointers(svg, parts);
    listenToWheel(svg, parts);
    listenToKeys(svg, parts);
    node.classList.add("stage");
    node.append(svg, notice, tools.node, hint);
    svg.setAttribute("viewBox", view.box());
    tools.show();
    if (url) hang(image, notice, { url, id, width, height });
    new ResizeObserver(changed).observe(svg);
    const { zoom, by, fit, pan, show: showBox } = view;
    const unit = () => 1 / layer.getScreenCTM().a;
    return { svg, under, layer, at, unit, zoom, by, fit, pan, show: showBox, focus: () => svg.focus() };
  }

  Object.assign(crowdlab, { stage, shape });
}
