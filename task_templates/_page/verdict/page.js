// A verdict on another's work: a scale whose steps are worded, and the reasons.
{
  const STEPS = [1, 2, 3, 4, 5];

  // A scale in the element of that id; words(n) says its step n.
  crowdlab.scale = (id, words) => {
    const steps = STEPS.map((n) => {
      const radio = make("input", { type: "radio", name: id, value: n });
      const text = make("span", { className: "words", dir: "auto" });
      radio.addEventListener("change", () => {
        record(id, n);
        changed();
      });
      byId(id).append(make("label", { className: "choice step" }, radio, make("b", { textContent: n }), text));
      return { n, radio, text };
    });
    return {
      radio: (n) => steps.find((step) => step.n === n)?.radio,
      value: () => steps.find(({ radio }) => radio.checked)?.n ?? null,
      put: (value) => steps.forEach(({ n, radio }) => (radio.checked = n === value)),
      speak: () => steps.forEach(({ n, text }) => (text.textContent = words(n))),
    };
  };

  // Reasons to tick in the element "reason-list", and words in the field "comment".
  crowdlab.reasons = (given) => {
    const comment = byId("comment");
    const boxes = given.map((choice) => {
      const { value, said } = crowdlab.choice(choice, "reason.");
      const box = make("input", { type: "checkbox" });
      const text = make("span", { dir: "auto" });
      box.addEventListener("change", () => {
        record("reason", value, box.checked);
        changed();
      });
      byId("reason-list").append(make("label", { className: "check" }, box, text));
      return { value, said, box, text };
    });
    const ticked = () => boxes.filter(({ box }) => box.checked).map(({ value }) => value);
    const words = () => comment.value.trim();
    comment.addEventListener("input", changed);
    return {
      any: () => ticked().length > 0 || words() !== "",
      answer: () => ({ reasons: ticked(), ...(words() && { comment: words().toWellFormed?.() ?? words() }) }),
      save: () => ({ ticked: ticked(), comment: comment.value }),
      restore(saved) {
        for (const { value, box } of boxes) box.checked = saved.ticked.includes(value);
        comment.value = saved.comment;
      },
      speak: () => boxes.forEach(({ said, text }) => (text.textContent = said())),
    };
  };
}
