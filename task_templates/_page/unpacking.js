// A page that would be too large comes deflated: its data, its style and its script.
// All of them are those that the page's policy allows by their hash.
(async () => {
  const root = document.documentElement;
  root.hidden = true;
  const block = (id) => document.getElementById(id);
  const make = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });
  const inflate = (id) => {
    const bytes = Uint8Array.from(atob(block(id).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).text();
  };
  try {
    const [page, task] = await Promise.all(["page", "task"].map(inflate));
    const [style, facts, script] = JSON.parse(page);
    block("page").textContent = facts;
    block("task").textContent = task;
    document.head.append(make("style", style));
    root.hidden = false;
    document.body.append(make("script", script));
  } catch {
    root.hidden = block("notice").hidden = false;
    block("notice").textContent = "This task needs a newer browser. Esta tarea necesita un navegador m\u00e1s nuevo.";
  }
})();
