{
  const { input, picture, stage } = crowdlab;
  const [question, frame] = ["question", "picture"].map((id) => document.getElementById(id));
  const image = picture(input.image, "image");

  question.textContent = input.question;
  frame.append(image);

  // Only the picture itself knows its size, and the stage is made to it.
  image.addEventListener("load", () => {
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!width || !height) return;
    frame.replaceChildren();
    stage({ node: frame, width, height, url: input.image, id: "image", label: "image" });
    crowdlab.speak();
  }, { once: true });

  crowdlab.askLabel(() => {});
}
