{
  const { input, make, say } = crowdlab;
  const [question, about, context, pair, keysText] = ["question", "about", "context", "pair", "keys-text"].map((id) => document.getElementById(id));
  const TIE = "tie";
  const items = input.items.map((item, n) => (typeof item === "string" ? { id: String(n + 1), text: item } : item));
  const ties = input.ties !== false;

  // Whatever stands first is preferred a little: which one does is chance, and sent.
  const sides = crowdlab.shuffled(items);

  function radio(value, key, properties) {
    const node = make("input", { type: "radio", name: "better", value, ...properties });
    node.addEventListener("change", () => {
      crowdlab.record("choose", key);
      crowdlab.changed();
    });
    return node;
  }

  const cards = sides.map(({ id, text, image }, n) => {
    const name = ["first", "second"][n];
    const box = radio(id, n + 1, { ariaLabel: "", data: { tLabel: name } });
    const head = make("span", { className: "words", data: { t: name } });
    const tile = crowdlab.tile(box, head, n + 1);
    if (image) tile.append(make("span", { className: "picture" }, crowdlab.picture(image, id)));
    if (text) {
      tile.append(make("span", { className: "prose read", id: "item" + n, dir: "auto", textContent: text }));
      box.setAttribute("aria-describedby", "item" + n);
    }
    return { box, tile, name };
  });
  const tie = { box: radio(TIE, 0), name: "tie" };
  tie.tile = crowdlab.tile(tie.box, make("span", { className: "words", data: { t: "tie" } }), "0");
  tie.tile.hidden = !ties;

  const all = [...cards, tie];
  const chosen = () => all.find(({ box }) => box.checked);

  pair.append(...all.map(({ tile }) => tile));
  about.hidden = !(input.context || input.image);
  context.textContent = input.context ?? "";
  if (input.image) about.append(make("span", { className: "picture" }, crowdlab.picture(input.image, "about")));
  crowdlab.keyed(pair, (key) => ({ 1: cards[0].box, 2: cards[1].box, 0: ties && tie.box })[key]);

  crowdlab.start({
    speak() {
      question.textContent = input.question ?? say("question");
      keysText.textContent = say(ties ? "keys.ties" : "keys");
    },
    state: () => (chosen() ? say("chosen", { choice: say(chosen().name) }) : say("chosen.none")),
    problems: () => (chosen() ? [] : [["pair", ties ? "pair.missing.ties" : "pair.missing"]]),
    answer: () => ({ shown: sides.map(({ id }) => id), better: chosen().box.value }),
    save: () => chosen()?.box.value,
    restore: (value) => all.forEach(({ box }) => (box.checked = box.value === value)),
  });
}
