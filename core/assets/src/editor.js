// The block editor of the writing screen. Loaded there only; without it the form still sends the text as it is.
import { parse, write } from "./editor/document.js";
import { announce, ask, setUp, say, toast } from "./editor/dom.js";
import { mount } from "./editor/mount.js";

let shown = null;

function start() {
  const place = document.getElementById("editor");
  if (shown?.place === place) return;
  shown?.end();
  shown = place ? { place, end: () => {} } : null;
  if (!place) return;
  setUp(place);
  const form = place.closest("form");
  const field = form.querySelector("textarea[name=content]");
  const format = form.querySelector("input[name=content_format]");
  const bar = document.getElementById("editor-tools");
  const side = form.querySelector(".side");
  const html = form.querySelector("[data-html-text]");
  const undo = document.getElementById("undo-convert");
  let editor = null;
  let before = "";

  /** Show the blocks instead of the source, or the other way round. */
  function show(blocks) {
    format.value = blocks ? "blocks/1" : "html";
    place.hidden = !blocks;
    bar.hidden = !blocks;
    if (html) html.hidden = blocks;
    field.hidden = blocks;
    side?.classList.toggle("with-blocks", blocks);
  }

  function edit(doc) {
    show(true);
    document.getElementById("editor-static")?.remove();
    editor = mount({ place, bar, side, field, form, doc });
    place.editor = editor; // for measurements and tests
    shown.end = () => editor?.destroy();
  }

  function broken(error) {
    // what can't be understood is shown as it is, so that nobody loses it
    console.warn("The stored blocks can't be shown:", error.message);
    document.getElementById("editor-static")?.remove();
    field.hidden = false;
    document.getElementById("editor-broken").hidden = false;
  }

  if (format.value === "blocks/1") {
    try {
      edit(parse(field.value));
    } catch (error) {
      broken(error);
    }
  } else {
    show(false);
  }

  document.getElementById("to-blocks")?.addEventListener("click", async (event) => {
    const { currentTarget: pressed } = event;
    pressed.disabled = true;
    try {
      const found = await ask("/admin/blocks/from-html", { body: { html: field.value } });
      before = field.value;
      const doc = parse(JSON.stringify(found));
      edit(doc);
      field.value = write(doc);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      undo.hidden = false;
      editor.view.focus();
      announce(say("converted"));
    } catch (error) {
      toast(error.message);
    }
    pressed.disabled = false;
  });

  undo?.querySelector("button").addEventListener("click", () => {
    editor.destroy();
    editor = null;
    field.value = before;
    show(false);
    undo.hidden = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  document.body.addEventListener("saved", () => {
    if (undo) undo.hidden = true; // from now on the revisions lead back
  });
}

start();
// a save that came too late brings the screen that merges two texts into this page
document.addEventListener("htmx:afterSettle", start);
