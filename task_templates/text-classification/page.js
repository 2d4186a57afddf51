{
  const { input, make, say } = crowdlab;
  const [group, keys] = ["label", "keys"].map((id) => document.getElementById(id));

  const choices = input.choices.map((choice, n) => {
    const { value, label } = typeof choice === "string" ? { value: choice } : choice;
    const radio = make("input", { type: "radio", name: "label", value });
    radio.addEventListener("change", () => {
      crowdlab.record("choose", n + 1);
      crowdlab.changed();
    });
    const said = () => label ?? (crowdlab.isSaid("choice." + value) ? say("choice." + value) : value);
    const words = make("span", { className: "words", dir: "auto" });
    return { radio, said, words };
  });

  const chosen = () => choices.find(({ radio }) => radio.checked);

  choices.forEach(({ radio, words }, n) => {
    const key = make("kbd", { textContent: n + 1, ariaHidden: "true", hidden: n > 8 });
    group.append(make("label", { className: "choice" }, radio, words, key));
  });
  group.classList.toggle("few", choices.length < 5);

  document.getElementById("text").textContent = input.text;
  document.getElementById("second").hidden = !input.hypothesis;
  document.getElementById("hypothesis").textContent = input.hypothesis ?? "";

  // Single keys get in the way of people who dictate: they can be put off.
  keys.checked = crowdlab.kept("keys") !== false;
  keys.addEventListener("change", () => {
    crowdlab.keep("keys", keys.checked);
    group.classList.toggle("keyed", keys.checked);
  });
  group.classList.toggle("keyed", keys.checked);

  addEventListener("keydown", (event) => {
    const choice = /^[1-9]$/.test(event.key) && choices[event.key - 1];
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("textarea, select");
    if (!choice || busy || !keys.checked) return;
    event.preventDefault();
    choice.radio.focus();
    choice.radio.click();
  });

  crowdlab.start({
    speak() {
      document.getElementById("question").textContent = input.question ?? say("question");
      for (const { said, words } of choices) words.textContent = said();
    },
    state: () => (chosen() ? say("chosen", { choice: chosen().said() }) : say("chosen.none")),
    problems: () => (chosen() ? [] : [["label", "label.missing"]]),
    answer: () => ({ label: chosen().radio.value }),
    save: () => chosen()?.radio.value,
    restore: (value) => choices.forEach(({ radio }) => (radio.checked = radio.value === value)),
  });
}
