// What keys do while the picture has the focus; acts that have nothing to do say false.
const pictureKeys = (acts) => {
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const MOST = 16; // pixels of the picture
  let pace = 1;
  const plain = {
    " ": acts.space,
    Enter: acts.enter,
    Escape: acts.leave,
    Delete: acts.remove,
    Backspace: acts.remove,
    Home: acts.fit,
    ",": () => acts.step(-1),
    ".": () => acts.step(1),
    i: acts.insert,
    n: acts.cross,
  };

  // A key that is held goes ever faster.
  function arrow({ key, repeat, shiftKey }) {
    pace = repeat ? Math.min(pace * 1.2, MOST) : 1;
    return acts.nudge(ARROWS[key].map((n) => n * Math.round(pace)), shiftKey);
  }

  function actOf(event) {
    const key = event.key.length > 1 ? event.key : event.key.toLowerCase();
    if (event.altKey) return null;
    if (event.ctrlKey || event.metaKey) return { z: event.shiftKey ? acts.redo : acts.undo, y: acts.redo }[key];
    if (key in ARROWS) return () => arrow(event);
    return plain[key] ?? (() => acts.letter(key));
  }

  // Whether the key was one of ours.
  return (event) => {
    const act = actOf(event);
    return Boolean(act) && act() !== false;
  };
};
