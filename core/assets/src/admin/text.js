// The text itself: fields that grow, marks around what is chosen, and how many words there are.

const BLOCKS = new Set(["h2", "blockquote", "ul"]);

function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function insert(field, text, from, to) {
  field.focus();
  field.setSelectionRange(from, to);
  // keeps the browser's own undo; the fallback does not
  if (!document.execCommand("insertText", false, text)) field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function wrap(field, tag) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const chosen = value.slice(from, to);
  if (tag === "more") return insert(field, "\n<!--more-->\n", from, to);
  if (tag === "a") {
    const address = prompt(field.dataset.askLink, "https://");
    if (!address) return field.focus();
    const safe = address.replace(/"/g, "%22").replace(/</g, "%3C");
    return insert(field, `<a href="${safe}">${chosen}</a>`, from, to);
  }
  if (tag === "ul") {
    const lines = chosen.split("\n").filter((line) => line.trim());
    const items = (lines.length ? lines : [""]).map((line) => `  <li>${line.trim()}</li>`);
    return insert(field, `<ul>\n${items.join("\n")}\n</ul>`, from, to);
  }
  const gap = BLOCKS.has(tag) && from > 0 && value[from - 1] !== "\n" ? "\n" : "";
  insert(field, `${gap}<${tag}>${chosen}</${tag}>`, from, to);
  if (!chosen) {
    const inside = from + gap.length + tag.length + 2;
    field.setSelectionRange(inside, inside);
  }
}

export function startText(form) {
  for (const field of form.querySelectorAll("[data-grow]")) {
    grow(field);
    field.addEventListener("input", () => grow(field));
  }

  form.querySelector("[data-one-line]")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    (form.querySelector("#editor-text") ?? form.querySelector("#content"))?.focus();
  });

  const content = form.querySelector("#content");
  const tools = form.querySelector("[data-html-tools]");
  if (!content || !tools) return;

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-wrap]");
    if (button) wrap(content, button.dataset.wrap);
  });

  tools.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...tools.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });

  content.addEventListener("keydown", (event) => {
    const tag = { b: "strong", i: "em" }[event.key.toLowerCase()];
    if (!tag || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    wrap(content, tag);
  });

  const words = tools.querySelector("[data-words-count]");
  const count = () => {
    const found = content.value.replace(/<[^>]*>/g, " ").match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    words.textContent = `${found} ${found === 1 ? words.dataset.one : words.dataset.many}`;
  };
  count();
  content.addEventListener("input", count);
}
