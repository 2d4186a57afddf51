// Puts nodes into a parent, and leaves those alone that are there already: two hundred
// are then as quick as two.
function refill(parent, nodes) {
  const old = [...parent.children];
  const fresh = nodes.filter((node, n) => node !== old[n]);
  const inPlace = old.length === nodes.length && !fresh.some((node) => node.isConnected);
  if (!inPlace) return parent.replaceChildren(...nodes);
  old.forEach((node, n) => node === nodes[n] || node.replaceWith(nodes[n]));
}

// What is marked, the newest first.
const regionList = (list, { chip, name, choose, remove }) => {
  const { make, say } = crowdlab;
  let rows = new WeakMap(); // by region, which never changes

  function row(region) {
    const words = { cls: name(region.cls), n: region.n };
    const title = make("span", { className: "words", dir: "auto", textContent: words.cls + " " + words.n });
    const pick = make("button", { type: "button", className: "pick", onclick: () => choose(region.id) }, chip(region.cls), title);
    const bin = make("button", { type: "button", className: "bin", textContent: "\u00d7", ariaLabel: say("row.delete", words), onclick: () => remove(region.id) });
    const item = make("li", { data: { id: region.id } }, pick, bin);
    rows.set(region, item);
    return item;
  }

  // Replacing takes the focus away: it goes back to where it was, whatever came there.
  function show(regions, chosen) {
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const place = [...list.children].findIndex((item) => item.contains(focused));
    refill(list, [...regions].reverse().map((region) => {
      const item = rows.get(region) ?? row(region);
      item.firstChild.ariaPressed = String(region.id === chosen);
      return item;
    }));
    const now = list.children[place] ?? list.lastChild;
    if (focused) (now?.querySelector("." + focused.className) ?? list.parentNode).focus();
  }

  // Scrolls the list, and not the page.
  function reveal(id) {
    const { offsetTop, offsetHeight } = list.querySelector('[data-id="' + CSS.escape(id) + '"]');
    const hidden = offsetTop < list.scrollTop || offsetTop + offsetHeight > list.scrollTop + list.clientHeight;
    if (hidden) list.scrollTop = offsetTop - list.clientHeight / 2;
  }

  return { show, reveal, forget: () => (rows = new WeakMap()) };
};
