// One label out of the choices of the input: radio buttons in #label, and keys for them.

crowdlab.askLabel = (speak) => {
  const group = byId("label");

  const choices = input.choices.map((given, n) => {
    const { value, said } = crowdlab.choice(given, "choice.");
    const radio = make("input", { type: "radio", name: "label", value });
    const words = make("span", { className: "words", dir: "auto" });
    radio.addEventListener("change", () => {
      record("choose", n + 1);
      changed();
    });
    group.append(crowdlab.tile(radio, words, n < 9 ? n + 1 : ""));
    return { radio, said, words };
  });

  const chosen = () => choices.find(({ radio }) => radio.checked);
  group.classList.toggle("few", choices.length < 5);
  crowdlab.keyed(group, (key) => /^[1-9]$/.test(key) && choices[key - 1]?.radio);

  start({
    speak() {
      for (const { said, words } of choices) words.textContent = said();
      speak();
    },
    state: () => (chosen() ? say("chosen", { choice: chosen().said() }) : say("chosen.none")),
    problems: () => (chosen() ? [] : [["label", "label.missing"]]),
    answer: () => ({ label: chosen().radio.value }),
    save: () => chosen()?.radio.value,
    restore: (value) => choices.forEach(({ radio }) => (radio.checked = radio.value === value)),
  });
};
