// What follows typing: counts of characters, words shown elsewhere as they are typed, pictures chosen from the
// library. Plugins use it by attributes alone:
//   <input data-least="15" data-most="60" data-count="id of an element"> says in that element how long it is;
//   <span data-live="ext.seo.title title" data-pattern="{title} – Site"> shows the first of these inputs that is
//     not empty, or what stood there at first; {title} and other words of `data-words` (JSON) stand for others;
//   <button data-pick="name of an input" data-shows="id of an img"> asks for a picture, and writes its number.
import { chooseMedia } from "./media_picker.js";

function count(field) {
  const line = document.getElementById(field.dataset.count);
  if (!line) return;
  const length = [...field.value].length;
  const { least, most } = field.dataset;
  line.textContent = most ? `${length} / ${most}` : `${length}`;
  line.classList.toggle("count-bad", length > 0 && (length > Number(most) || length < Number(least ?? 0)));
  line.classList.toggle("count-good", length > 0 && length <= Number(most) && length >= Number(least ?? 0));
}

/** The value of an input by its name, as plain text in one line. */
function valueOf(form, name) {
  const field = form.elements.namedItem(name);
  const text = field && "value" in field ? field.value : "";
  return text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
}

function show(form, line) {
  const names = line.dataset.live.split(" ");
  const at = names.findIndex((name) => valueOf(form, name));
  let text = at < 0 ? line.dataset.first : valueOf(form, names[at]);
  const { pattern, words } = line.dataset;
  if (at > 0 && pattern) text = pattern.replaceAll("{title}", () => text);
  if (words) {
    const said = { ...JSON.parse(words), title: valueOf(form, names.at(-1)) || line.dataset.first };
    text = text.replace(/\{(\w+)\}/g, (whole, name) => said[name] ?? whole);
  }
  line.textContent = text.replace(/\s+/g, " ").trim();
}

async function pick(form, button) {
  const chosen = await chooseMedia({ kind: "image" });
  if (!chosen?.length) return;
  const field = form.elements.namedItem(button.dataset.pick);
  field.value = chosen[0].number;
  const image = document.getElementById(button.dataset.shows);
  if (image) {
    image.src = chosen[0].thumb || chosen[0].url;
    image.hidden = false;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const known = new WeakSet();

function follow(root) {
  const forms = new Set();
  for (const found of root.querySelectorAll("[data-count], [data-live], [data-pick]")) {
    const form = found.closest("form");
    if (form && !known.has(form)) forms.add(form);
  }
  for (const form of forms) {
    known.add(form);
    const counted = form.querySelectorAll("[data-count]");
    const lines = form.querySelectorAll("[data-live]");
    for (const line of lines) line.dataset.first = line.textContent.trim();
    const all = () => {
      counted.forEach(count);
      lines.forEach((line) => show(form, line));
    };
    all();
    form.addEventListener("input", all);
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-pick]");
      if (button) pick(form, button);
    });
  }
}

export function startLive() {
  follow(document);
  // forms that come later, in a panel
  document.addEventListener("htmx:load", (event) => follow(event.target));
}
