// The document as it is stored: JSON with a version, without what is left at its default.
import { Node } from "prosemirror-model";
import { schema } from "./schema.js";

/** In the stored text a mark and a block are both called "code", which the editor can't have. */
const CODE = "inline_code";

export const VERSION = 1;

/** What ends with an empty paragraph while somebody writes; see ids.js. */
const OPEN = new Set(["doc", "column"]);

const same = (value, usual) => value === usual || (typeof value === "object" && JSON.stringify(value) === JSON.stringify(usual));

function attrsOf(node) {
  const found = {};
  for (const [name, spec] of Object.entries(node.type.spec.attrs ?? {})) {
    if (!same(node.attrs[name], spec.default)) found[name] = node.attrs[name];
  }
  return found;
}

function json(node) {
  const made = { type: node.type.name };
  if (node.isText) {
    made.text = node.text;
  } else {
    const attrs = attrsOf(node);
    if (Object.keys(attrs).length) made.attrs = attrs;
    if (node.childCount) {
      made.content = [];
      node.forEach((child) => made.content.push(json(child)));
      if (OPEN.has(node.type.name) && node.childCount > 1 && isEmpty(node.lastChild)) made.content.pop();
    }
  }
  if (node.marks.length) {
    made.marks = node.marks.map((mark) => {
      const attrs = attrsOf(mark);
      const type = mark.type.name === CODE ? "code" : mark.type.name;
      return Object.keys(attrs).length ? { type, attrs } : { type };
    });
  }
  return made;
}

const isEmpty = (node) => node.type === schema.nodes.paragraph && node.content.size === 0;

/** Tell whether nothing was written yet. */
export const blank = (doc) => doc.childCount === 1 && isEmpty(doc.firstChild);

/** Return the text that is stored for a document; the empty paragraphs to go on in are left out. */
export const write = (doc) => (blank(doc) ? "" : JSON.stringify({ version: VERSION, doc: json(doc) }));

function ours(key, value) {
  return key === "marks" && Array.isArray(value) ? value.map((mark) => (mark.type === "code" ? { type: CODE } : mark)) : value;
}

/** Return the document of a stored text; an empty one for an empty text. @throws {RangeError} It is none. */
export function parse(text) {
  if (!text.trim()) return schema.nodes.doc.create(null, schema.nodes.paragraph.create());
  const found = JSON.parse(text, ours);
  if (found?.version !== VERSION) throw new RangeError(`version ${found?.version}`);
  const { doc } = found;
  if (!doc?.content?.length) return schema.nodes.doc.create(null, schema.nodes.paragraph.create());
  const node = Node.fromJSON(schema, doc);
  node.check();
  return node;
}
