"use strict";

// A stand-in for the Crowd HTML Elements that old pages load from Amazon: the elements
// that people used most, plain, with the answers of the originals.

(() => {
  const query = new URLSearchParams(location.search);
  const assignment = query.get("assignmentId") ?? "";
  const isPreview = ["", "ASSIGNMENT_ID_NOT_AVAILABLE"].includes(assignment);

  const STYLE = `
    :host { display: block; font: 16px/1.5 system-ui, sans-serif; margin: .5rem 0; }
    :host([hidden]) { display: none; }
    button, input, textarea { font: inherit; color: inherit; }
    button {
      min-height: 2.5rem; padding: .4rem 1rem; border: 1px solid #8a94a3;
      border-radius: .4rem; background: #fff; color: #1b2430; cursor: pointer;
    }
    button[aria-checked=true], button.main { background: #1f5f8b; border-color: #1f5f8b; color: #fff; }
    button:disabled { opacity: .6; cursor: not-allowed; }
    :focus-visible { outline: 3px solid #1f5f8b; outline-offset: 2px; }
    .row { display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0; align-items: center; }
    .text { display: block; width: 100%; box-sizing: border-box; padding: .5rem .7rem;
      border: 1px solid #69727f; border-radius: .4rem; }
    .tick { display: flex; gap: .6rem; align-items: flex-start; padding: .25rem 0; cursor: pointer; }
    .tick input { flex: none; width: 1.25rem; height: 1.25rem; margin: .15rem 0 0; }
    .problem { color: #a3261d; margin: .25rem 0; }
    .stage { position: relative; display: inline-block; max-width: 100%; touch-action: none; }
    .stage img { display: block; max-width: 100%; height: auto; }
    .stage svg { position: absolute; inset: 0; width: 100%; height: 100%; cursor: crosshair; }
    img { max-width: 100%; height: auto; }
    h2 { font-size: 1.15rem; margin: .5rem 0; }
    details { margin: .5rem 0; }
    ul { list-style: none; padding: 0; margin: .5rem 0; }
    li { display: flex; gap: .75rem; align-items: center; padding: .15rem 0; }
    li button { min-height: 2rem; padding: .1rem .7rem; }`;

  const COLOURS = ["#d1495b", "#00798c", "#edae49", "#30638e", "#7b4b94", "#3d8b40", "#c05f1c", "#5c6773"];

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // Pages often write lists as Python or Liquid does, with single quotes.
  function listOf(text) {
    if (!text) return [];
    try {
      return JSON.parse(text);
    } catch {
      return JSON.parse(text.replace(/'/g, '"'));
    }
  }

  function onceParsed(build) {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", build, { once: true });
    else queueMicrotask(build);
  }

  // The originals name the members of an answer in alphabetical order.
  function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
  }

  class CrowdElement extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: "open" }).append(make("style", {}, STYLE));
    }

    get name() {
      return this.getAttribute("name") ?? "";
    }

    get _submittableValue() {
      return this.value;
    }

    say(problem) {
      this.note ??= this.shadowRoot.appendChild(make("p", { class: "problem", role: "alert" }));
      this.note.textContent = problem;
    }
  }

  // Texts.

  class CrowdInput extends CrowdElement {
    constructor() {
      super();
      this.field = this.makeField();
      this.caption = make("span");
      this.shadowRoot.append(make("label", {}, this.caption, this.field));
    }

    makeField() {
      return make("input", { class: "text" });
    }

    connectedCallback() {
      this.caption.textContent = this.getAttribute("label") ?? "";
      const attributes = { placeholder: "placeholder", type: "type", "max-length": "maxlength", rows: "rows" };
      for (const [ours, theirs] of Object.entries(attributes)) {
        if (this.hasAttribute(ours)) this.field.setAttribute(theirs, this.getAttribute(ours));
      }
      if (!this.caption.textContent) this.field.ariaLabel = this.getAttribute("placeholder") ?? this.name;
      this.field.disabled = this.hasAttribute("disabled");
      if (this.hasAttribute("value")) this.value = this.getAttribute("value");
    }

    get value() {
      return this.field.value;
    }

    set value(text) {
      this.field.value = text ?? "";
    }

    get problem() {
      const { length } = this.value.trim();
      if (this.hasAttribute("required") && !length) return "Please fill this in.";
      const least = Number(this.getAttribute("min-length") ?? 0);
      return length && length < least ? `Please write at least ${least} characters.` : "";
    }
  }

  class CrowdTextArea extends CrowdInput {
    makeField() {
      return make("textarea", { class: "text", rows: "4" });
    }
  }

  class CrowdSlider extends CrowdInput {
    makeField() {
      return make("input", { type: "range" });
    }

    connectedCallback() {
      for (const name of ["min", "max", "step"]) {
        if (this.hasAttribute(name)) this.field.setAttribute(name, this.getAttribute(name));
      }
      super.connectedCallback();
    }

    get value() {
      return Number(this.field.value);
    }

    set value(number) {
      this.field.value = number;
    }

    get problem() {
      return "";
    }
  }

  // Choices.

  class CrowdCheckbox extends CrowdElement {
    constructor() {
      super();
      this.field = make("input", { type: this.kind });
      this.shadowRoot.append(
        make("label", { class: "tick" }, this.field, make("span", {}, make("slot"))));
      this.field.addEventListener("change", () => {
        this.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }

    get kind() {
      return "checkbox";
    }

    connectedCallback() {
      this.field.checked ||= this.hasAttribute("checked");
      this.field.disabled = this.hasAttribute("disabled");
      onceParsed(() => {
        this.field.ariaLabel = this.textContent.trim() || this.name;
      });
    }

    get checked() {
      return this.field.checked;
    }

    set checked(is) {
      this.field.checked = is;
    }

    get value() {
      return { [this.getAttribute("value") ?? "on"]: this.checked };
    }

    get problem() {
      return this.hasAttribute("required") && !this.checked ? "Please tick this." : "";
    }
  }

  class CrowdRadioButton extends CrowdCheckbox {
    get kind() {
      return "radio";
    }
  }

  class CrowdRadioGroup extends CrowdElement {
    constructor() {
      super();
      this.shadowRoot.append(make("slot"));
      this.addEventListener("change", (event) => {
        for (const button of this.buttons) if (button !== event.target) button.checked = false;
      });
      this.addEventListener("keydown", (event) => this.step(event));
    }

    connectedCallback() {
      this.role = "radiogroup";
    }

    get buttons() {
      return [...this.querySelectorAll("crowd-radio-button")];
    }

    step(event) {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const place = this.buttons.indexOf(event.target);
      if (!by || place < 0) return;
      event.preventDefault();
      const button = this.buttons.at((place + by) % this.buttons.length);
      button.field.focus();
      button.field.click();
    }

    get problem() {
      const needed = !this.hasAttribute("allow-empty-selection") && this.buttons.length;
      return needed && !this.buttons.some((button) => button.checked) ? "Please choose one." : "";
    }
  }

  // Whole tools: a heading, instructions, and something to judge.

  class CrowdTool extends CrowdElement {
    connectedCallback() {
      onceParsed(() => this.isConnected && !this.built && this.build());
    }

    build() {
      this.built = true;
      const full = make("details", {}, make("summary", {}, "Full instructions"), make("slot", { name: "full" }));
      const slots = {
        "full-instructions": "full", "detailed-instructions": "full",
        "positive-example": "full", "negative-example": "full",
        "short-instructions": "short", "short-summary": "short",
      };
      for (const child of this.children) child.slot = slots[child.localName] ?? "";
      full.hidden = !this.querySelector(":scope > [slot=full]");
      const heading = make("h2", {}, this.getAttribute("header") ?? "");
      this.shadowRoot.append(make("slot", { name: "short" }), full, heading, make("slot"));
    }
  }

  class CrowdInstructions extends CrowdTool {}

  class CrowdClassifier extends CrowdTool {
    build() {
      super.build();
      const group = make("div", { class: "row", role: "radiogroup", "aria-label": this.getAttribute("header") ?? "Categories" });
      this.buttons = listOf(this.getAttribute("categories")).map((label, place) => {
        const button = make("button", { type: "button", role: "radio", "aria-checked": "false" }, String(label));
        if (place < 9) button.title = `Key ${place + 1}`;
        button.addEventListener("click", () => this.choose(String(label)));
        return button;
      });
      group.append(...this.buttons);
      this.shadowRoot.append(group);
      addEventListener("keydown", (event) => this.press(event));
    }

    press(event) {
      const isTyping = event.composedPath()[0].matches?.("input, textarea, select, [contenteditable]");
      if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        this.buttons[Number(event.key) - 1]?.click();
      }
    }

    choose(label) {
      this.label = label;
      for (const button of this.buttons) button.ariaChecked = String(button.textContent === label);
    }

    get value() {
      return { label: this.label };
    }

    get problem() {
      return this.label === undefined ? "Please choose a category." : "";
    }
  }

  class CrowdImageClassifier extends CrowdClassifier {
    build() {
      super.build();
      const image = make("img", { src: this.getAttribute("src") ?? "", alt: "The image to classify" });
      this.shadowRoot.insertBefore(image, this.shadowRoot.lastChild);
    }
  }

  const SVG = "http://www.w3.org/2000/svg";

  class CrowdBoundingBox extends CrowdTool {
    build() {
      super.build();
      this.labels = listOf(this.getAttribute("labels")).map(String);
      this.boxes = listOf(this.getAttribute("initial-value"));
      this.image = make("img", { src: this.getAttribute("src") ?? "", alt: "The image to mark", draggable: "false" });
      this.canvas = document.createElementNS(SVG, "svg");
      this.list = make("ul");
      const stage = make("div", { class: "stage" }, this.image, this.canvas);
      this.shadowRoot.append(this.palette(), stage, this.list);
      this.image.addEventListener("load", () => this.show());
      this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
      this.show();
    }

    palette() {
      const group = make("div", { class: "row", role: "radiogroup", "aria-label": "Labels" });
      const choose = (label) => {
        this.label = label;
        for (const button of group.children) button.ariaChecked = String(button.textContent === label);
      };
      group.append(...this.labels.map((label) => {
        const button = make("button", { type: "button", role: "radio" }, label);
        button.addEventListener("click", () => choose(label));
        return button;
      }));
      choose(this.labels[0]);
      return group;
    }

    get size() {
      return { height: this.image.naturalHeight, width: this.image.naturalWidth };
    }

    at(event) {
      const { left, top, width, height } = this.canvas.getBoundingClientRect();
      const cut = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
      return {
        x: cut(((event.clientX - left) / width) * this.size.width, this.size.width),
        y: cut(((event.clientY - top) / height) * this.size.height, this.size.height),
      };
    }

    begin(event) {
      if (event.button !== 0 || !this.image.naturalWidth) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      const start = this.at(event);
      const draft = { label: this.label };
      const stretch = (moved) => {
        const end = this.at(moved);
        draft.left = Math.min(start.x, end.x);
        draft.top = Math.min(start.y, end.y);
        draft.width = Math.abs(start.x - end.x);
        draft.height = Math.abs(start.y - end.y);
        this.show(draft);
      };
      const drop = new AbortController();
      const finish = () => {
        drop.abort();
        if (draft.width > 1 && draft.height > 1) this.boxes.push(draft);
        this.show();
      };
      this.canvas.addEventListener("pointermove", stretch, { signal: drop.signal });
      this.canvas.addEventListener("pointerup", finish, { signal: drop.signal });
      this.canvas.addEventListener("pointercancel", finish, { signal: drop.signal });
    }

    show(draft) {
      const { height, width } = this.size;
      this.canvas.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
      const drawn = draft ? [...this.boxes, draft] : this.boxes;
      this.canvas.replaceChildren(...drawn.map((box) => this.drawn(box)));
      if (!draft) this.list.replaceChildren(...this.boxes.map((box) => this.listed(box)));
    }

    drawn(box) {
      const rectangle = document.createElementNS(SVG, "rect");
      const colour = COLOURS[Math.max(0, this.labels.indexOf(box.label)) % COLOURS.length];
      const facts = {
        x: box.left, y: box.top, width: box.width ?? 0, height: box.height ?? 0,
        fill: colour, "fill-opacity": 0.2, stroke: colour, "stroke-width": 2, "vector-effect": "non-scaling-stroke",
      };
      for (const [key, value] of Object.entries(facts)) rectangle.setAttribute(key, value);
      return rectangle;
    }

    listed(box) {
      const button = make("button", { type: "button", "aria-label": `Remove ${box.label}` }, "Remove");
      button.addEventListener("click", () => {
        this.boxes.splice(this.boxes.indexOf(box), 1);
        this.show();
      });
      return make("li", {}, `${box.label}: ${box.width} × ${box.height}`, button);
    }

    get value() {
      return { boundingBoxes: this.boxes, inputImageProperties: this.size };
    }

    get problem() {
      return this.image.naturalWidth ? "" : "The image is not there yet.";
    }
  }

  // The form around them.

  class CrowdButton extends CrowdElement {
    constructor() {
      super();
      this.button = make("button", { type: "button" }, make("slot"));
      this.shadowRoot.append(this.button);
      this.button.addEventListener("click", () => this.act());
    }

    static observedAttributes = ["disabled", "form-action", "variant"];

    connectedCallback() {
      this.attributeChangedCallback();
    }

    attributeChangedCallback() {
      const submits = this.getAttribute("form-action") === "submit";
      this.button.disabled = this.hasAttribute("disabled") || (submits && isPreview);
      this.button.classList.toggle("main", submits || this.getAttribute("variant") === "primary");
    }

    act() {
      const form = this.closest("crowd-form");
      if (this.getAttribute("form-action") === "submit") form?.send();
      else if (this.getAttribute("form-action") === "reset") location.reload();
    }
  }

  const CONTROLS = "input[name], select[name], textarea[name]";
  const SENDERS = "crowd-button[form-action=submit], button:not([type]), [type=submit]";

  class CrowdForm extends CrowdElement {
    constructor() {
      super();
      this.shadowRoot.append(make("slot"));
    }

    connectedCallback() {
      onceParsed(() => this.isConnected && !this.built && this.build());
    }

    build() {
      this.built = true;
      if (!this.querySelector(SENDERS)) {
        this.append(make("crowd-button", { "form-action": "submit" }, "Submit"));
      }
      for (const sender of this.querySelectorAll("button:not([type]), [type=submit]")) {
        sender.disabled ||= isPreview;
        sender.addEventListener("click", (event) => {
          event.preventDefault();
          this.send();
        });
      }
      if (isPreview) this.say("This is a preview: accept the task before you submit.");
    }

    // A worker's submit: refused while something is missing or the page objects.
    send() {
      if (this.sent || isPreview || !this.isComplete()) return;
      if (this.dispatchEvent(new Event("submit", { cancelable: true }))) this.submit();
    }

    // A page's own submit, without further questions.
    submit() {
      if (this.sent || isPreview) return;
      this.sent = true;
      const host = (query.get("turkSubmitTo") ?? location.origin).replace(/\/+$/, "");
      const form = make("form", { method: "post", action: `${host}/mturk/externalSubmit`, hidden: "" });
      const fields = { assignmentId: assignment, ...this.fields() };
      for (const [name, value] of Object.entries(fields)) {
        form.append(make("input", { type: "hidden", name, value }));
      }
      document.body.append(form);
      // A field may be called "submit".
      HTMLFormElement.prototype.submit.call(form);
    }

    isComplete() {
      const faulty = this.parts().filter((part) => {
        part.say(part.problem);
        return part.problem;
      });
      const wrong = this.controls().filter((control) => !control.reportValidity());
      faulty[0]?.scrollIntoView({ block: "center" });
      return !faulty.length && !wrong.length;
    }

    parts() {
      return [...this.querySelectorAll("*")].filter((part) => part instanceof CrowdElement && part.problem !== undefined);
    }

    controls() {
      return [...this.querySelectorAll(CONTROLS)].filter((control) => !control.disabled);
    }

    fields() {
      const answer = sorted(this.answer());
      if (this.getAttribute("answer-format") !== "flatten-objects") {
        return { taskAnswers: JSON.stringify([answer]) };
      }
      return Object.fromEntries(flattened(answer));
    }

    answer() {
      const answer = {};
      const put = (name, value) => {
        const merges = typeof value === "object" && typeof answer[name] === "object";
        answer[name] = merges ? { ...answer[name], ...value } : value;
      };
      for (const part of this.parts()) if (part.name && part.value !== undefined) put(part.name, part.value);
      for (const control of this.controls()) {
        const isTick = ["checkbox", "radio"].includes(control.type);
        put(control.name, isTick ? { [control.value]: control.checked } : control.value);
      }
      return answer;
    }
  }

  function* flattened(value, path = "") {
    for (const [key, member] of Object.entries(value)) {
      const name = path ? `${path}.${key}` : key;
      if (Array.isArray(member)) yield [name, JSON.stringify(member)];
      else if (member !== null && typeof member === "object") yield* flattened(member, name);
      else yield [name, String(member)];
    }
  }

  const elements = {
    "crowd-bounding-box": CrowdBoundingBox,
    "crowd-button": CrowdButton,
    "crowd-checkbox": CrowdCheckbox,
    "crowd-classifier": CrowdClassifier,
    "crowd-image-classifier": CrowdImageClassifier,
    "crowd-input": CrowdInput,
    "crowd-instructions": CrowdInstructions,
    "crowd-radio-button": CrowdRadioButton,
    "crowd-radio-group": CrowdRadioGroup,
    "crowd-slider": CrowdSlider,
    "crowd-text-area": CrowdTextArea,
    "crowd-form": CrowdForm,
  };
  for (const [name, kind] of Object.entries(elements)) customElements.define(name, kind);
})();
