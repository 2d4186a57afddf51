// Pictures, and whether they have come. Nobody can judge a picture that did not, so
// the answer waits for all of them.

const pictures = new Map();

// The picture is not described: a description would be the answer, or a hint to it.
function picture(url, id) {
  const image = make("img", { alt: "", decoding: "async", draggable: false });
  const settle = (state) => {
    pictures.set(image, state);
    image.dataset.state = state;
    update();
  };
  image.addEventListener("load", () => settle("shown"));
  image.addEventListener("error", () => {
    record("image_error", id);
    settle("broken");
  });
  pictures.set(image, "loading");
  image.src = url;
  return image;
}

const anyPicture = (state) => [...pictures.values()].includes(state);

function loadAgain() {
  record("retry");
  for (const [image, state] of pictures) {
    if (state !== "broken") continue;
    pictures.set(image, "loading");
    const url = image.src;
    image.removeAttribute("src");
    image.src = url;
  }
  update();
}
