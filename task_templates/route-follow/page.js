{
  const { input, say, shape } = crowdlab;
  const [text, map, told, arrived, why] = ["text", "map", "told", "arrived", "reasons"].map((id) => document.getElementById(id));

  const TAP = 6; // CSS pixels that a click may slip
  const AT_EDGE = 0.35; // of the map that is shown: where it begins to move with the walker
  const { width, height } = input.map;
  const { radius } = input;
  const inFog = input.visibility === "fog";
  const rounded = (points) => points.map((point) => point.map((part) => Math.round(part * 100) / 100));

  function tell(key) {
    told.dataset.t = key;
    told.textContent = key && say(key);
  }

  const ground = crowdlab.ground(input.walls);
  const walker = crowdlab.walker({
    ground,
    start: input.start,
    metre: 1 / input.map.metres_per_pixel,
    moved() {
      tell(walker.full() ? "walk.long" : "");
      follow();
      draw();
    },
    stopped() {
      crowdlab.record("walk");
      crowdlab.changed();
    },
  });
  const { me, walked } = walker;

  // Over all that is not in sight lies the fog; above it the trail and the walker.
  const dusk = shape("radialGradient", { id: "dusk", gradientUnits: "userSpaceOnUse", r: radius ?? 0 }, shape("stop", { offset: 0.8 }), shape("stop", { offset: 1 }));
  const fog = shape("path", { class: "dark", "fill-rule": "evenodd" });
  const trails = ["halo", "trail"].map((kind) => shape("polyline", { class: kind }));
  const figure = shape("g", { class: "walker" }, shape("path", { d: "M17 0L7 -8V8Z" }), shape("circle", { r: 9 }));
  const stage = crowdlab.stage({ node: map, ...input.map, id: "map", label: "map", keys: walker.press, changed: () => draw() });
  const start = crowdlab.way(stage.layer, { start: input.start });
  stage.layer.prepend(...trails);
  stage.layer.append(figure);
  map.classList.toggle("fog", inFog);
  if (inFog) stage.under.append(shape("defs", {}, dusk), shape("rect", { width, height, fill: "url(#dusk)" }), fog);

  function lift() {
    dusk.setAttribute("cx", me.at.x);
    dusk.setAttribute("cy", me.at.y);
    const seen = rounded(ground.view(me.at, radius, input.wall_width));
    fog.setAttribute("d", "M0 0H" + width + "V" + height + "H0ZM" + seen.join("L") + "Z");
  }

  function draw() {
    const unit = stage.unit();
    const turn = ((me.heading ?? 0) * 180) / Math.PI;
    start.fit(unit);
    for (const trail of trails) trail.setAttribute("points", rounded([...walked.path, [me.at.x, me.at.y]]).join(" "));
    figure.setAttribute("transform", "translate(" + me.at.x + " " + me.at.y + ") scale(" + unit + ") rotate(" + turn + ")");
    figure.classList.toggle("turned", me.heading !== null);
    if (inFog) lift();
  }

  // Shows the map as large as what one sees in fog.
  function lookAround() {
    const { clientWidth, clientHeight } = stage.svg;
    const fit = Math.max(width / clientWidth, height / clientHeight);
    const zoom = (fit * Math.min(clientWidth, clientHeight)) / (2 * radius);
    const [w, h] = [width / zoom, height / zoom];
    stage.show(me.at.x - w / 2, me.at.y - h / 2, w, h);
  }

  // Moves the map when the walker comes near the edge of what is shown of it.
  function follow() {
    const shown = stage.svg.viewBox.baseVal;
    const over = (at, from, size) => Math.min(at - from - size * AT_EDGE, 0) + Math.max(at - from - size * (1 - AT_EDGE), 0);
    stage.pan(over(me.at.x, shown.x, shown.width), over(me.at.y, shown.y, shown.height));
  }

  function head(place) {
    const far = inFog && Math.hypot(place.x - me.at.x, place.y - me.at.y) > radius;
    if (!far && ground.sees(me.at, place)) return walker.head(place);
    crowdlab.record("blocked");
    tell(far ? "walk.dark" : "walk.wall");
  }

  // A click that slipped has moved the map.
  let down = null;
  stage.svg.addEventListener("pointerdown", (event) => (down = event.isPrimary ? event : null));
  stage.svg.addEventListener("click", (event) => {
    if (down && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < TAP) head(stage.at(event));
  });
  stage.svg.addEventListener("blur", walker.release);

  const scale = crowdlab.scale("clarity", (n) => say("clarity." + n));
  const reasons = crowdlab.reasons(input.reasons);
  const verdict = () => arrived.querySelector(":checked")?.value;
  const ask = () => (why.hidden = verdict() !== "no");

  arrived.addEventListener("change", () => {
    ask();
    crowdlab.record("arrived", verdict());
    crowdlab.changed();
  });
  text.textContent = input.text;
  if (inFog) lookAround();
  draw();

  crowdlab.start({
    speak() {
      scale.speak();
      reasons.speak();
      ask();
    },
    state: () => say("walked", { n: walker.metres().toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) }),
    problems() {
      const found = [];
      if (verdict() === "yes" && walker.metres() === 0) found.push(["map", "walk.missing"]);
      if (!verdict()) found.push(["arrived", "arrived.missing"]);
      if (verdict() === "no" && !reasons.any()) found.push(["reasons", "reasons.missing"]);
      if (!scale.value()) found.push(["clarity", "clarity.missing"]);
      return found;
    },
    answer() {
      walker.note();
      const reason = verdict() === "no" ? reasons.answer() : { reasons: [] };
      return { path: rounded(walked.path), times: walked.times, arrived: verdict() === "yes", ...reason, clarity: scale.value() };
    },
    save: () => ({ walked, arrived: verdict(), reasons: reasons.save(), clarity: scale.value() }),
    restore(saved) {
      walker.restore(saved.walked);
      for (const radio of arrived.querySelectorAll("input")) radio.checked = radio.value === saved.arrived;
      reasons.restore(saved.reasons);
      scale.put(saved.clarity);
      follow();
      draw();
    },
  });
}
