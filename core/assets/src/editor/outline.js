// Beside the text: how long it is, and its headings, with a word where one skips a level.
import { TextSelection } from "prosemirror-state";
import { el, say } from "./dom.js";

const PACE = 200; // words a minute

export function wordsOf(doc) {
  return doc.textBetween(0, doc.content.size, " ", " ").match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}

/** Keep the count, the reading time and the outline in step; they are made while nobody types. */
export function outline(side, view, count) {
  const list = side?.querySelector("#outline");
  const time = side?.querySelector("#reading");
  let last = null;

  function go(pos) {
    const { state } = view;
    view.dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve(pos + 1))));
    view.focus();
    view.nodeDOM(pos)?.scrollIntoView({ block: "center" });
  }

  return function update() {
    const { doc } = view.state;
    if (doc === last) return;
    last = doc;
    const words = wordsOf(doc);
    count.textContent = `${words} ${words === 1 ? count.dataset.one : count.dataset.many}`;
    if (!side) return;
    time.textContent = say("reading", { minutes: Math.max(1, Math.round(words / PACE)), words });
    const headings = [];
    doc.descendants((node, pos) => {
      if (node.type.name === "heading") headings.push({ node, pos });
      return !node.isTextblock;
    });
    let before = 1;
    list.replaceChildren(
      ...headings.map(({ node, pos }) => {
        const { level } = node.attrs;
        const skips = level > before + 1;
        before = level;
        return el(
          "li",
          { class: `level-${level - 2}` },
          el("button", { type: "button", class: "link-btn", onclick: () => go(pos) }, node.textContent || say("heading_empty")),
          skips ? el("small", { class: "warn" }, say("heading_skips", { level })) : null,
          node.content.size ? null : el("small", { class: "warn" }, say("heading_empty_hint")),
        );
      }),
    );
    list.hidden = headings.length === 0;
  };
}
