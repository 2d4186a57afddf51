{
  const { input, say } = crowdlab;
  const show = (id, text) => (document.getElementById(id).textContent = text);

  show("text", input.text);
  show("hypothesis", input.hypothesis ?? "");
  document.getElementById("second").hidden = !input.hypothesis;

  crowdlab.askLabel(() => show("question", input.question ?? say("question")));
}
