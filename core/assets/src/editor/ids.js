// Every block has an id of its own, so that comparing two texts and anchors stay true to it.
import { Plugin } from "prosemirror-state";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const HOLDERS = new Set(["doc", "column"]);

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Give the blocks of a transaction's document that have no id, or somebody else's, one of their own. */
export function withIds(tr) {
  const seen = new Set();
  tr.doc.descendants((node, pos, parent) => {
    const mine = "id" in node.attrs && HOLDERS.has(parent.type.name);
    if (mine && (!node.attrs.id || seen.has(node.attrs.id))) {
      const id = newId();
      tr.setNodeAttribute(pos, "id", id);
      seen.add(id);
    } else if (mine) {
      seen.add(node.attrs.id);
    } else if (node.attrs.id) {
      tr.setNodeAttribute(pos, "id", null);
    }
    return !node.isTextblock && node.type.name !== "table";
  });
  return tr;
}

export const ids = new Plugin({
  appendTransaction(transactions, _old, state) {
    if (!transactions.some((tr) => tr.docChanged)) return null;
    const tr = withIds(state.tr);
    return tr.docChanged ? tr : null;
  },
});
