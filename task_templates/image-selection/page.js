{
  const { input, make, say } = crowdlab;
  const [group, limits, none, large, close] = ["tiles", "limits", "none", "large", "close"].map((id) => document.getElementById(id));
  const images = input.images.map((image, n) => (typeof image === "string" ? { id: String(n + 1), url: image } : image));
  const most = input.max ?? images.length;
  const least = input.min ?? 1;
  const columns = Math.min(input.columns ?? Math.ceil(Math.sqrt(images.length)), images.length);

  const tiles = (input.shuffle === false ? images : crowdlab.shuffled(images)).map(({ id, url }, n) => {
    const data = { n: n + 1, of: images.length };
    const box = make("input", { type: "checkbox", data: { tLabel: "tile", ...data } });
    const loupe = make("button", { type: "button", className: "loupe", data: { tLabel: "enlarge", ...data } });
    const node = make("div", { className: "tile" }, make("label", {}, box, crowdlab.picture(url, id)), loupe);
    box.addEventListener("change", () => {
      crowdlab.record("tile", id, box.checked);
      none.checked = false;
      crowdlab.changed();
    });
    loupe.addEventListener("click", () => enlarge(id, url));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      enlarge(id, url);
    });
    return { id, box, node };
  });

  group.append(...tiles.map(({ node }) => node));
  group.style.setProperty("--columns", columns);
  group.style.setProperty("--rows", Math.ceil(images.length / columns));
  none.parentNode.hidden = input.allow_none === false;

  none.addEventListener("change", () => {
    crowdlab.record("none", none.checked);
    if (none.checked) for (const { box } of tiles) box.checked = false;
    crowdlab.changed();
  });

  function enlarge(id, url) {
    crowdlab.record("enlarge", id);
    document.getElementById("large-picture").replaceChildren(make("img", { src: url, alt: "" }));
    large.showModal();
  }

  large.addEventListener("click", (event) => {
    if ([large, close].includes(event.target)) large.close();
  });

  // A row holds as many tiles as there is room for.
  const inRow = () => tiles.filter(({ node }) => node.offsetTop === tiles[0].node.offsetTop).length;

  group.addEventListener("keydown", (event) => {
    const at = tiles.findIndex(({ node }) => node.contains(event.target));
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -inRow(), ArrowDown: inRow() }[event.key];
    if (!step) return;
    event.preventDefault();
    tiles[at + step]?.box.focus();
  });

  const selected = () => tiles.filter(({ box }) => box.checked).map(({ id }) => id);

  function problems() {
    const n = selected().length;
    if (none.checked) return [];
    if (n === 0) return [["tiles", none.parentNode.hidden ? "tiles.missing" : "tiles.missing.none"]];
    if (n < least) return [["tiles", "tiles.few", { least, n }]];
    return n > most ? [["tiles", "tiles.many", { most, n }]] : [];
  }

  function bounds() {
    if (input.min && input.max) return say(least === most ? "limits.exact" : "limits.both", { least, most });
    if (input.min) return say("limits.min", { least });
    return input.max ? say("limits.max", { most }) : "";
  }

  crowdlab.start({
    problems,
    speak() {
      document.getElementById("question").textContent = input.question ?? say("question", { target: input.target });
      limits.textContent = bounds();
      if (!none.parentNode.hidden) document.getElementById("rules").append(make("li", { textContent: say("rules.none") }));
    },
    state: () => (none.checked ? say("none") : say("count", { n: selected().length })),
    answer: () => ({ shown: tiles.map(({ id }) => id), selected: selected(), none: none.checked }),
    save: () => ({ selected: selected(), none: none.checked }),
    restore(saved) {
      for (const { id, box } of tiles) box.checked = saved.selected.includes(id);
      none.checked = saved.none;
    },
  });
}
