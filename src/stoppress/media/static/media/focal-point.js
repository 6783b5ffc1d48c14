// The focal point of a picture by one click or by keyboard, with the crops that readers will get. Wagtail's own chooser
// wants a box dragged; its hidden fields are what is sent in any case.

const chooser = document.querySelector(".focal-point-chooser");
const field = (name) => document.querySelector(`input.focal_point_${name}`);
const picture = chooser?.querySelector("img[data-original-width]");

if (picture && field("x")) {
  const width = Number(picture.dataset.originalWidth);
  const height = Number(picture.dataset.originalHeight);
  const box = Math.max(1, Math.round(Math.min(width, height) / 10));
  const source = picture.currentSrc || picture.src;

  const slider = (label, from, to) => {
    const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, step: 1 });
    const name = Object.assign(document.createElement("label"), { textContent: label });
    const ends = Object.assign(document.createElement("span"), { className: "focal-ends", textContent: `${from} – ${to}` });
    ends.setAttribute("aria-hidden", "true");
    name.append(input, ends);
    return { name, input };
  };
  const across = slider("Focal point, across", "left", "right");
  const down = slider("Focal point, down", "top", "bottom");
  const crops = ["16 / 9", "3 / 2", "1 / 1", "4 / 5"].map((shape) => {
    const image = Object.assign(document.createElement("img"), { src: source, alt: "", className: "focal-crop" });
    image.style.aspectRatio = shape;
    return image;
  });
  const row = Object.assign(document.createElement("div"), { className: "focal-crops" });
  row.append(...crops);
  const group = Object.assign(document.createElement("fieldset"), { className: "focal-choice" });
  const legend = Object.assign(document.createElement("legend"), { textContent: "Click on what matters, or move it here" });
  group.append(legend, across.name, down.name, row);
  chooser.after(group);
  const dot = Object.assign(document.createElement("div"), { className: "focal-dot", hidden: true });
  chooser.append(dot);

  const show = () => {
    const isSet = field("x").value !== "" && field("y").value !== "";
    const x = isSet ? (100 * Number(field("x").value)) / width : 50;
    const y = isSet ? (100 * Number(field("y").value)) / height : 50;
    across.input.value = x;
    down.input.value = y;
    dot.hidden = !isSet;
    dot.style.left = `${x}%`;
    dot.style.top = `${y}%`;
    for (const crop of crops) crop.style.objectPosition = `${x}% ${y}%`;
  };
  const choose = (x, y) => {
    field("x").value = Math.round(x * width);
    field("y").value = Math.round(y * height);
    field("width").value = field("height").value = box;
    show();
  };

  let pressed = null;
  chooser.addEventListener("pointerdown", (event) => { pressed = [event.clientX, event.clientY]; }, true);
  chooser.addEventListener("pointerup", (event) => {
    const isClick = pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < 5;
    pressed = null;
    // After the box chooser has let go of the pointer, since it resets the fields for a box of no size.
    setTimeout(() => {
      if (!isClick) return show();
      const place = (chooser.querySelector(".jcrop-holder") ?? picture).getBoundingClientRect();
      const part = (value, start, size) => Math.min(1, Math.max(0, (value - start) / size));
      choose(part(event.clientX, place.left, place.width), part(event.clientY, place.top, place.height));
    });
  }, true);
  for (const { input } of [across, down]) {
    input.addEventListener("input", () => choose(across.input.value / 100, down.input.value / 100));
  }
  document.querySelector(".remove-focal-point")?.addEventListener("click", () => setTimeout(show));
  show();
}
