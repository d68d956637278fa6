// Every block has an id of its own, so that comparing two texts and anchors stay true to it;
// and the text, like each column, ends with a paragraph, a place to go on in.
import { Plugin } from "prosemirror-state";
import { schema } from "./schema.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const HOLDERS = new Set(["doc", "column"]);

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Give the blocks of a transaction's document that have no id, or somebody else's, one of their own; end it well. */
export function complete(tr) {
  const open = [];
  tr.doc.descendants((node, pos) => {
    if (node.type.name === "column" && !node.lastChild.isTextblock) open.push(pos + node.nodeSize - 1);
    return node.type.name === "columns";
  });
  if (!tr.doc.lastChild.isTextblock) open.push(tr.doc.content.size);
  for (const pos of open.reverse()) tr.insert(pos, schema.nodes.paragraph.create());
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

export const completion = new Plugin({
  appendTransaction(transactions, _old, state) {
    if (!transactions.some((tr) => tr.docChanged)) return null;
    const tr = complete(state.tr);
    return tr.docChanged ? tr : null;
  },
});
