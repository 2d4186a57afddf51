// The worker's language, and nodes that speak it: data-t names the message of a
// node's text, data-t-label that of its label, other data fill the {gaps} in both.

let language = page.language;

function say(key, values = {}) {
  const text = page.messages[language][key] ?? page.messages[page.language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

const isSaid = (key) => key in page.messages[language];

function speak() {
  for (const node of document.querySelectorAll("[data-t]")) {
    node.textContent = say(node.dataset.t, node.dataset);
  }
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.ariaLabel = say(node.dataset.tLabel, node.dataset);
  }
  byId("rules").replaceChildren(...say("rules").split("\n").map((rule) => make("li", { textContent: rule })));
  document.documentElement.lang = language;
  document.title = say("title");
}

function make(tag, { data = {}, ...properties } = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  Object.assign(node.dataset, data);
  node.append(...children);
  return node;
}
