// The editor itself: put together, kept in step with the form, taken down again.
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import { EditorState, NodeSelection, Plugin, Selection } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { blank, write } from "./document.js";
import { announce, say, toast } from "./dom.js";
import { handle } from "./handle.js";
import { complete, completion } from "./ids.js";
import { keys, rules } from "./keys.js";
import { langDialog } from "./lang.js";
import { linkDialog } from "./link.js";
import { choose } from "./media.js";
import { setAttrs } from "./moving.js";
import { outline } from "./outline.js";
import { panel } from "./panel.js";
import { paste, uploads } from "./paste.js";
import { schema } from "./schema.js";
import { slash } from "./slash.js";
import { toolbar } from "./toolbar.js";
import { views } from "./views.js";

const WAIT = 200;

/** In an empty paragraph where the cursor is, and in an empty text, stands what can be done. */
const hints = new Plugin({
  props: {
    decorations(state) {
      const { $from, empty } = state.selection;
      const { doc } = state;
      const first = blank(doc);
      const here = empty && $from.depth > 0 && $from.parent.isTextblock && $from.parent.content.size === 0;
      const name = $from.parent.type.name;
      if (!first && !(here && (name === "heading" || (name === "paragraph" && $from.depth === 1)))) return null;
      const pos = first ? 0 : $from.before();
      const words = name === "heading" ? say("heading") : say(first ? "hint_first" : "hint");
      return DecorationSet.create(doc, [
        Decoration.node(pos, pos + doc.nodeAt(pos).nodeSize, { class: "unwritten", "data-placeholder": words }),
      ]);
    },
  },
});

/** Below the last block, a click begins a new paragraph. */
function clickBelow(view, event) {
  const last = view.state.doc.lastChild;
  if (event.target !== view.dom || event.clientY < view.dom.lastElementChild.getBoundingClientRect().bottom) return false;
  const tr = view.state.tr;
  if (last.content.size) tr.insert(tr.doc.content.size, schema.nodes.paragraph.create());
  view.dispatch(tr.setSelection(Selection.atEnd(tr.doc)));
  view.focus();
  return true;
}

/**
 * Show a document in the editor.
 * @returns {{view: EditorView, flush: () => void, destroy: () => void}}
 */
export function mount({ place, bar, side, field, form, doc }) {
  let tools = null;
  let beside = null;
  let headings = null;
  let timer = 0;
  let stored = null;

  const pick = async (pos) => {
    try {
      const items = await choose(false);
      if (items?.length) setAttrs(view, pos, { media: items[0].number, src: "" });
    } catch (error) {
      toast(error.message);
    }
    view.focus();
  };
  const pickMany = async (pos) => {
    try {
      const items = await choose(true);
      const images = view.state.doc.nodeAt(pos)?.attrs.images;
      if (items && images) setAttrs(view, pos, { images: [...images, ...items.map((item) => ({ media: item.number, alt: null, caption: "" }))] });
    } catch (error) {
      toast(error.message);
    }
    view.focus();
  };
  const here = () => view.state.selection.from;
  const asked = (what) => {
    if (what === "image") pick(here());
    else if (what === "gallery") pickMany(here());
    else beside.open();
  };
  const open = {
    link: linkDialog(),
    lang: langDialog(),
    panel: () => (beside.open(), true),
    toolbar: () => (tools.focus(), true),
  };

  /** Put the document into the form, if it changed. */
  function flush() {
    clearTimeout(timer);
    timer = 0;
    if (view.state.doc === stored) return;
    stored = view.state.doc;
    field.value = write(stored);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const attributes = {
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": say("text"),
    "aria-describedby": "editor-help",
    class: "blocks-text",
    id: "editor-text",
    spellcheck: "true",
    translate: "no",
  };
  if (field.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true";

  const state = EditorState.create({
    doc,
    plugins: [
      slash(asked),
      rules(),
      ...keys(open),
      paste,
      uploads,
      hints,
      completion,
      history(),
      tableEditing(),
      dropCursor({ class: "drop-cursor", color: false }),
      gapCursor(),
      handle(() => tools.openBlockMenu()),
    ],
  });
  const view = new EditorView(place, {
    state: state.apply(complete(state.tr).setMeta("addToHistory", false)),
    attributes,
    // the bars at the top lie over the text
    scrollMargin: { top: 130, bottom: 80, left: 5, right: 5 },
    scrollThreshold: { top: 120, bottom: 40, left: 0, right: 0 },
    nodeViews: views(open.panel, pick),
    handleDOMEvents: { mousedown: clickBelow },
    dispatchTransaction(tr) {
      const before = view.state;
      view.updateState(before.apply(tr));
      if (view.state.doc !== before.doc) {
        clearTimeout(timer);
        timer = setTimeout(() => {
          flush();
          headings();
        }, WAIT);
      }
      tools.update();
      beside.update();
      if (tr.selectionSet && view.state.selection instanceof NodeSelection && !view.state.selection.eq(before.selection)) {
        announce(say("chosen", { what: say(`block_${view.state.selection.node.type.name}`) }));
      }
    },
  });
  stored = view.state.doc;
  tools = toolbar(bar, view, open);
  // where two texts are merged there is nothing beside the text
  beside = side ? panel(side, view, { pick, pickMany }) : { update() {}, open() {} };
  headings = outline(side, view, bar.querySelector("[data-words-count]"));
  tools.update();
  headings();

  const early = () => flush();
  // whoever collects the form gets the text as it is now: this event comes after the fields were read
  const collected = (event) => {
    flush();
    event.formData.set(field.name, field.value);
  };
  const saving = (event) => event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && flush();
  form.addEventListener("formdata", collected);
  form.addEventListener("submit", early, true);
  // before those who save by this key count what was changed
  document.addEventListener("keydown", saving, true);
  addEventListener("pagehide", early);

  return {
    view,
    flush,
    destroy() {
      clearTimeout(timer);
      form.removeEventListener("formdata", collected);
      form.removeEventListener("submit", early, true);
      document.removeEventListener("keydown", saving, true);
      removeEventListener("pagehide", early);
      document.querySelectorAll(".link-dialog").forEach((dialog) => dialog.remove());
      bar.querySelectorAll(":scope > :not([data-words-count])").forEach((made) => made.remove());
      view.destroy();
    },
  };
}
