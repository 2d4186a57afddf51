// Orders that look random and are the same whenever this assignment is opened.

// FNV-1a: a number from a text.
function hash(text) {
  let h = 0x811c9dc5;
  for (const c of text) h = Math.imul(h ^ c.codePointAt(0), 0x01000193);
  return h >>> 0;
}

// Fisher-Yates over the numbers of mulberry32.
function mixed(items, seed) {
  let state = seed;
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const j = ((t ^ (t >>> 14)) >>> 0) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const shuffled = (items) => mixed(items, hash(assignment + task.item));
