// The classes to choose from. Each is told by its colour, by the sign that is its key, and
// by the pattern of its lines; how many are marked stands beside it.
const classList = (node, choose) => {
  const { input, make } = crowdlab;
  const KEYS = "1234567890qwertyuasdfghjklzxcm"; // without those of the tools, of I and N
  const DASHES = ["", "9 4", "2 4", "12 4 2 4"];

  // Neighbours in the list are far apart on the wheel.
  const paint = (n) => "oklch(" + (n % 2 ? 0.45 : 0.53) + " 0.16 " + Math.round((n * 137.5 + 200) % 360) + ")";

  const all = input.classes.map((given, n) => {
    const { value, label = value, color = paint(n) } = given.value ? given : { value: given };
    return { value, label, color, sign: KEYS[n] ?? String(n + 1), key: KEYS[n], dash: DASHES[n % 4] };
  });
  const of = (cls) => all.find(({ value }) => value === cls);

  function name(cls) {
    const { label } = of(cls);
    return typeof label === "string" ? label : (label[document.documentElement.lang] ?? Object.values(label)[0]);
  }

  function chip(cls) {
    const { sign, color } = of(cls);
    const mark = make("kbd", { className: "chip", ariaHidden: "true", data: { sign } });
    mark.style.background = color;
    return mark;
  }

  for (const one of all) {
    one.radio = make("input", { type: "radio", name: "class", onchange: () => choose(one.value) });
    one.words = make("span", { className: "words", dir: "auto" });
    one.count = make("span", { className: "quiet" });
    node.append(make("label", { className: "class" }, one.radio, chip(one.value), one.words, one.count));
  }

  return {
    of,
    name,
    chip,
    withKey: (key) => all.find((one) => one.key === key)?.value,
    show(cls, regions) {
      for (const { value, radio, count } of all) {
        radio.checked = value === cls;
        count.textContent = regions.filter((region) => region.cls === value).length || "";
      }
    },
    speak() {
      for (const { value, words } of all) words.textContent = name(value);
    },
  };
};
