// Choices as tiles, and single keys that choose them.
{
  // A choice as inputs have them, a text or a value with a label, and how to say it:
  // by its label, else by the message of that prefix, else as it is.
  crowdlab.choice = (given, prefix) => {
    const { value, label } = typeof given === "string" ? { value: given } : given;
    return { value, said: () => label ?? (isSaid(prefix + value) ? say(prefix + value) : value) };
  };

  // A tile with a radio button, words, and the key that chooses it.
  crowdlab.tile = (radio, words, key) =>
    make("label", { className: "choice" }, radio, words, make("kbd", { textContent: key, ariaHidden: "true", hidden: !key }));

  // radioOf(key) gives the radio button that a key stands for. Single keys get in the
  // way of people who dictate: the checkbox "keys" puts them off.
  crowdlab.keyed = (group, radioOf) => {
    const box = byId("keys");
    const show = () => group.classList.toggle("keyed", box.checked);
    recall("keys", (on) => {
      box.checked = on !== false;
      show();
    });
    box.addEventListener("change", () => {
      keep("keys", box.checked);
      show();
    });
    addEventListener("keydown", (event) => {
      const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("textarea, select, svg");
      const radio = busy || !box.checked ? null : radioOf(event.key);
      if (!radio) return;
      event.preventDefault();
      radio.focus();
      radio.click();
    });
  };
}
