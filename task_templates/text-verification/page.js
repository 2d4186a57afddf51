{
  const { input, say } = crowdlab;
  const [question, text, seen, map, legend, rating, fieldset, why] = ["question", "text", "seen", "map", "legend", "rating", "reasons", "why"].map((id) =>
    document.getElementById(id));

  const words = (n) => input.words?.[n - 1] ?? say("rating." + n);
  const scale = crowdlab.scale("rating", words);
  const reasons = crowdlab.reasons(input.reasons);
  const mustSay = () => scale.value() !== null && scale.value() <= input.why_up_to;

  // Whoever calls the text right is not asked what is wrong with it.
  function ask() {
    const value = scale.value();
    fieldset.hidden = value === null || (value === 5 && !mustSay());
    why.textContent = say(mustSay() ? "why" : "why.optional");
  }

  function showMap() {
    let way = { fit() {} };
    map.hidden = false;
    const stage = crowdlab.stage({ node: map, ...input.map, id: "map", label: "map", changed: () => way.fit(stage.unit()) });
    way = crowdlab.way(stage.layer, input);
    way.fit(stage.unit());
    crowdlab.legend(legend, input);
  }

  text.textContent = input.text;
  seen.hidden = !(input.image || input.map);
  if (input.image) seen.prepend(crowdlab.picture(input.image, "image"));
  if (input.map) showMap();
  seen.parentNode.classList.toggle("alone", seen.hidden);

  rating.addEventListener("change", ask);
  crowdlab.keyed(rating, (key) => scale.radio(Number(key)));

  crowdlab.start({
    speak() {
      question.textContent = input.question ?? say("question");
      scale.speak();
      reasons.speak();
      ask();
    },
    state: () => (scale.value() ? say("chosen", { n: scale.value(), words: words(scale.value()) }) : say("chosen.none")),
    problems() {
      if (!scale.value()) return [["rating", "rating.missing"]];
      return mustSay() && !reasons.any() ? [["reasons", "reasons.missing"]] : [];
    },
    answer: () => ({ rating: scale.value(), ...(fieldset.hidden ? { reasons: [] } : reasons.answer()) }),
    save: () => ({ rating: scale.value(), reasons: reasons.save() }),
    restore(saved) {
      scale.put(saved.rating);
      reasons.restore(saved.reasons);
    },
  });
}
