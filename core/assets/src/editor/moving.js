// Blocks as wholes: placed, moved, duplicated, removed.
import { closeHistory } from "prosemirror-history";
import { Fragment } from "prosemirror-model";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { announce, say } from "./dom.js";
import { schema } from "./schema.js";

const CONTAINERS = new Set(["doc", "column"]);
const LISTS = new Set(["bullet_list", "ordered_list"]);

/** Return the range of whole blocks that the selection is in; with `items`, inside of a list its items. */
export function blockRange(selection, items = false) {
  const holds = (node) => CONTAINERS.has(node.type.name) || (items && LISTS.has(node.type.name));
  return selection.$from.blockRange(selection.$to, holds);
}

/** Return the innermost block that a handle belongs to, as `{ pos, node }`. */
export function blockAt(doc, pos) {
  const $pos = doc.resolve(Math.min(pos, doc.content.size));
  for (let depth = $pos.depth; depth >= 0; depth -= 1) {
    if (!CONTAINERS.has($pos.node(depth).type.name)) continue;
    const node = depth === $pos.depth ? $pos.nodeAfter : $pos.node(depth + 1);
    if (!node || node.type.name === "column") return null;
    return { pos: depth === $pos.depth ? $pos.pos : $pos.before(depth + 1), node };
  }
  return null;
}

function position(parent, index) {
  return say("moved", { at: index + 1, of: parent.childCount });
}

function swap(state, dispatch, range, up) {
  const { parent, startIndex, endIndex } = range;
  const other = parent.maybeChild(up ? startIndex - 1 : endIndex);
  if (!other) return false;
  if (dispatch) {
    const tr = state.tr;
    if (up) {
      tr.insert(range.end, other).delete(range.start - other.nodeSize, range.start);
    } else {
      tr.delete(range.end, range.end + other.nodeSize).insert(range.start, other);
    }
    dispatch(closeHistory(tr).scrollIntoView());
    announce(position(parent, up ? startIndex - 1 : startIndex + 1));
  }
  return true;
}

/** Move the blocks of the selection; an item of a list moves in its list first. */
export function move(up, items = true) {
  return (state, dispatch) => {
    const inner = blockRange(state.selection, items);
    if (inner && swap(state, dispatch, inner, up)) return true;
    const outer = blockRange(state.selection);
    if (outer && swap(state, dispatch, outer, up)) return true;
    if (dispatch) announce(say(up ? "at_top" : "at_bottom"));
    return true;
  };
}

/** Put a copy of the blocks of the selection below them, and go there. */
export function duplicate(state, dispatch) {
  const range = blockRange(state.selection);
  if (!range) return false;
  if (dispatch) {
    const { parent, start, end } = range;
    const copies = [];
    for (let at = range.startIndex; at < range.endIndex; at += 1) copies.push(parent.child(at));
    const tr = state.tr.insert(end, Fragment.from(copies));
    const shift = end - start;
    const { selection } = state;
    tr.setSelection(
      selection instanceof NodeSelection
        ? NodeSelection.create(tr.doc, selection.from + shift)
        : TextSelection.between(tr.doc.resolve(selection.anchor + shift), tr.doc.resolve(selection.head + shift)),
    );
    dispatch(closeHistory(tr).scrollIntoView());
    announce(say("duplicated"));
  }
  return true;
}

/** Take the blocks of the selection away. */
export function remove(state, dispatch) {
  const range = blockRange(state.selection);
  if (!range) return false;
  if (dispatch) {
    const all = range.endIndex - range.startIndex === range.parent.childCount;
    const tr = state.tr;
    if (all) tr.replaceWith(range.start, range.end, schema.nodes.paragraph.create());
    else tr.delete(range.start, range.end);
    tr.setSelection(Selection.near(tr.doc.resolve(Math.min(range.start, tr.doc.content.size)), all ? 1 : -1));
    dispatch(closeHistory(tr).scrollIntoView());
    announce(say("removed"));
  }
  return true;
}

function emptyParagraph(node) {
  return node.type === schema.nodes.paragraph && node.content.size === 0;
}

/** Return where a block of a type can go: in place of the empty paragraph that the cursor is in, or after. */
export function placeFor(selection, type) {
  const { $from, $to } = selection;
  if (selection instanceof NodeSelection) {
    const index = $from.index() + 1;
    if ($from.parent.canReplaceWith(index, index, type)) return { from: selection.to, to: selection.to };
  } else if (!$from.parent.isTextblock && $from.parent.canReplaceWith($from.index(), $from.index(), type)) {
    return { from: $from.pos, to: $from.pos };
  }
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const [parent, index] = [$from.node(depth - 1), $from.index(depth - 1)];
    if (emptyParagraph($from.node(depth)) && parent.canReplaceWith(index, index + 1, type)) {
      return { from: $from.before(depth), to: $from.after(depth) };
    }
    const after = $to.depth >= depth ? $to.indexAfter(depth - 1) : index + 1;
    if (parent.canReplaceWith(after, after, type)) return { from: $to.after(Math.min(depth, $to.depth)), to: $to.after(Math.min(depth, $to.depth)) };
  }
  return null;
}

/** Put a block where the selection is, and the selection into it; return whether there was a place. */
export function place(tr, node) {
  const spot = placeFor(tr.selection, node.type);
  if (!spot) return false;
  tr.replaceWith(spot.from, spot.to, node);
  if (node.type.spec.atom || node.type === schema.nodes.image) {
    tr.setSelection(NodeSelection.create(tr.doc, spot.from));
  } else {
    tr.setSelection(Selection.near(tr.doc.resolve(spot.from + 1)));
  }
  tr.scrollIntoView();
  return true;
}

/** Go to a paragraph below the block of the selection: an empty one that is there, or a new one. */
export function paragraphBelow(state, dispatch) {
  const range = blockRange(state.selection);
  if (!range) return false;
  if (dispatch) {
    const next = range.parent.maybeChild(range.endIndex);
    const tr = state.tr;
    if (!next || !emptyParagraph(next)) tr.insert(range.end, schema.nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, range.end + 1)).scrollIntoView());
  }
  return true;
}

/** Change attributes of the block at a position. */
export function setAttrs(view, pos, attrs) {
  const node = view.state.doc.nodeAt(pos);
  if (!node) return;
  const tr = view.state.tr;
  for (const [name, value] of Object.entries(attrs)) tr.setNodeAttribute(pos, name, value);
  view.dispatch(tr);
}
