// The library: uploads by drop and choice, the focal point, the crop, and a post's image.
import { chooseMedia } from "./media_picker.js";
import { sendFiles, takeDrops } from "./media_upload.js";

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

function startAdding(htmx) {
  const form = document.querySelector("[data-media-add]");
  if (!form) return;
  const list = document.querySelector("[data-uploads]");
  const input = form.querySelector("[type=file]");
  const take = async (files) => {
    const taken = await sendFiles(files, list);
    if (taken.length) htmx.ajax("GET", location.pathname + location.search, { target: "#list", swap: "outerHTML" });
  };
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  takeDrops(document.getElementById("main"), (files) => take([...files]));
}

function startFocal() {
  const area = document.querySelector("[data-focal]");
  const mark = area?.querySelector("[data-mark]");
  const form = document.getElementById("media-form");
  if (!mark || !form) return;
  const { focal_x: x, focal_y: y } = form.elements;
  const show = () => {
    mark.style.left = `${x.value}%`;
    mark.style.top = `${y.value}%`;
  };
  const set = (left, top) => {
    x.value = Math.round(clamp(left, 0, 100));
    y.value = Math.round(clamp(top, 0, 100));
    show();
  };
  area.addEventListener("click", (event) => {
    if (event.target === mark) return;
    const box = area.getBoundingClientRect();
    set((100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height);
    mark.focus();
  });
  mark.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!moves) return;
    event.preventDefault();
    set(Number(x.value) + moves[0] * step, Number(y.value) + moves[1] * step);
  });
  for (const field of [x, y]) field.addEventListener("input", show);
  show();
}

function startCrop() {
  const form = document.querySelector("[data-crop]");
  if (!form) return;
  const area = form.querySelector("[data-crop-area]");
  const picture = area.querySelector("img");
  const box = area.querySelector("[data-crop-box]");
  const ratio = form.querySelector("[data-ratio]");
  const { left, top, width, height } = form.elements;
  const show = () => {
    if (!picture.naturalWidth) return;
    box.style.left = `${(100 * left.value) / picture.naturalWidth}%`;
    box.style.top = `${(100 * top.value) / picture.naturalHeight}%`;
    box.style.width = `${(100 * width.value) / picture.naturalWidth}%`;
    box.style.height = `${(100 * height.value) / picture.naturalHeight}%`;
  };
  form.closest("details").addEventListener("toggle", () => {
    if (picture.dataset.src && !picture.src) picture.src = picture.dataset.src;
  });
  picture.addEventListener("load", show);
  const at = (event) => {
    const frame = picture.getBoundingClientRect();
    return [
      clamp(((event.clientX - frame.left) / frame.width) * picture.naturalWidth, 0, picture.naturalWidth),
      clamp(((event.clientY - frame.top) / frame.height) * picture.naturalHeight, 0, picture.naturalHeight),
    ];
  };
  let from = null;
  const draw = (event) => {
    const to = at(event);
    let wide = Math.abs(to[0] - from[0]);
    let high = Math.abs(to[1] - from[1]);
    if (ratio.value) {
      high = wide / ratio.value;
      const room = to[1] < from[1] ? from[1] : picture.naturalHeight - from[1];
      if (high > room) [wide, high] = [room * ratio.value, room];
    }
    left.value = Math.round(to[0] < from[0] ? from[0] - wide : from[0]);
    top.value = Math.round(to[1] < from[1] ? from[1] - high : from[1]);
    width.value = Math.max(1, Math.min(Math.round(wide), picture.naturalWidth - left.value));
    height.value = Math.max(1, Math.min(Math.round(high), picture.naturalHeight - top.value));
    show();
  };
  area.addEventListener("pointerdown", (event) => {
    if (!picture.naturalWidth) return;
    event.preventDefault();
    area.setPointerCapture(event.pointerId);
    from = at(event);
  });
  area.addEventListener("pointermove", (event) => {
    if (from) draw(event);
  });
  area.addEventListener("pointerup", () => {
    from = null;
  });
  ratio.addEventListener("change", () => {
    if (!ratio.value) return;
    height.value = Math.max(1, Math.min(Math.round(width.value / ratio.value), picture.naturalHeight - top.value));
    show();
  });
  for (const field of [left, top, width, height]) field.addEventListener("input", show);
}

/** A post's image: chosen in the picker, taken off by a button. */
function startFeatured() {
  for (const panel of document.querySelectorAll("[data-featured]")) {
    const field = panel.querySelector("[name=featured]");
    const picture = panel.querySelector("[data-featured-picture]");
    const off = panel.querySelector("[data-featured-off]");
    const put = (item) => {
      field.value = item ? item.number : "";
      picture.replaceChildren();
      if (item) {
        const image = new Image();
        image.src = item.thumb || item.url;
        image.alt = item.alt;
        picture.append(image);
      }
      panel.classList.toggle("has-picture", Boolean(item));
      off.hidden = !item;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    panel.querySelector("[data-featured-choose]").addEventListener("click", async () => {
      const chosen = await chooseMedia({ kind: "image" });
      if (chosen) put(chosen[0]);
    });
    off.addEventListener("click", () => {
      put(null);
      panel.querySelector("[data-featured-choose]").focus();
    });
  }
}

export function startMedia(htmx) {
  startAdding(htmx);
  startFocal();
  startCrop();
  startFeatured();
}
