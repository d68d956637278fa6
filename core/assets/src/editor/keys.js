// Keyboard, as WordPress and Google Docs have it, and what typed marks of Markdown become.
import {
  baseKeymap,
  chainCommands,
  createParagraphNear,
  exitCode,
  liftEmptyBlock,
  newlineInCode,
  setBlockType,
  splitBlockKeepMarks,
  toggleMark,
} from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import {
  InputRule,
  ellipsis,
  inputRules,
  textblockTypeInputRule,
  undoInputRule,
  wrappingInputRule,
} from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import { toggleList, toggleWrap } from "./catalogue.js";
import { duplicate, move, paragraphBelow, place, remove } from "./moving.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

function hardBreak(state, dispatch) {
  if (state.selection.$from.parent.type === nodes.code) return newlineInCode(state, dispatch);
  if (!state.selection.$from.parent.inlineContent) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

/** Return a command that gives the chosen paragraphs, headings and cells an alignment. */
export function alignTo(align) {
  return (state, dispatch) => {
    const { from, to } = state.selection;
    const tr = state.tr;
    state.doc.nodesBetween(from, to, (node, pos, parent) => {
      if ((node.type === nodes.paragraph || node.type === nodes.heading) && parent.type !== nodes.list_item) {
        tr.setNodeAttribute(pos, "align", align);
      }
      return !node.isTextblock;
    });
    if (!tr.docChanged) return false;
    dispatch?.(tr);
    return true;
  };
}

/** At the begin of a heading, a quote or code, Backspace makes a paragraph of it first. */
function plainFirst(state, dispatch, view) {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0 || !$from.parent.isTextblock || $from.parent.type === nodes.paragraph) return false;
  return setBlockType(nodes.paragraph)(state, dispatch, view);
}

/** In the last row, Tab makes another. */
const tab = (direction) => chainCommands(goToNextCell(direction), direction > 0 ? sinkListItem(nodes.list_item) : liftListItem(nodes.list_item));

function editCard(open) {
  return (state, dispatch) => {
    const { selection } = state;
    if (!(selection instanceof NodeSelection) || !selection.node.type.spec.atom) return false;
    if (Object.keys(selection.node.attrs).length > 1) {
      if (dispatch) open();
      return true;
    }
    return paragraphBelow(state, dispatch);
  };
}

/** From the caption of a picture, Enter goes on below it. */
function leaveCaption(state, dispatch) {
  const { $from } = state.selection;
  return $from.parent.type === nodes.image && state.selection instanceof TextSelection && paragraphBelow(state, dispatch);
}

/** "```" and "---" alone in a paragraph become what they say with Enter, too. */
function enterMarks(state, dispatch) {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== nodes.paragraph) return false;
  const typed = $from.parent.textContent;
  const language = /^```([\w+#-]{0,30})$/.exec(typed);
  if (!language && !/^(---|\*\*\*|___)$/.test(typed)) return false;
  const tr = state.tr.delete($from.start(), $from.end());
  if (!language) {
    if (!place(tr, nodes.separator.create())) return false;
    dispatch?.(afterSeparator(tr));
    return true;
  }
  const at = tr.selection.$from;
  if (!at.node(-1).canReplaceWith(at.index(-1), at.indexAfter(-1), nodes.code)) return false;
  dispatch?.(tr.setBlockType(at.pos, at.pos, nodes.code, { language: language[1].toLowerCase() }));
  return true;
}

/** The keys of the editor; `open.link`, `open.panel` and `open.toolbar` show what has a place of its own. */
export function keys(open) {
  const headings = Object.fromEntries(
    [2, 3, 4, 5, 6].map((level) => [`Mod-Alt-${level}`, setBlockType(nodes.heading, { level })]),
  );
  return [
    keymap({
      ...headings,
      "Mod-Alt-0": setBlockType(nodes.paragraph),
      "Mod-Alt-1": setBlockType(nodes.heading, { level: 2 }),
      "Mod-b": toggleMark(marks.bold),
      "Mod-B": toggleMark(marks.bold),
      "Mod-i": toggleMark(marks.italic),
      "Mod-I": toggleMark(marks.italic),
      "Mod-u": toggleMark(marks.underline),
      "Mod-U": toggleMark(marks.underline),
      "Mod-e": toggleMark(marks.inline_code),
      "Mod-Shift-x": toggleMark(marks.strike),
      "Alt-Shift-5": toggleMark(marks.strike),
      "Alt-Shift-d": toggleMark(marks.strike),
      "Mod-Shift-h": toggleMark(marks.highlight),
      "Mod-.": toggleMark(marks.sup),
      "Mod-,": toggleMark(marks.sub),
      "Mod-Shift-7": toggleList(nodes.ordered_list),
      "Mod-Shift-8": toggleList(nodes.bullet_list),
      "Mod-Shift-9": toggleWrap(nodes.quote),
      "Mod-Shift-l": alignTo(""),
      "Mod-Shift-e": alignTo("center"),
      "Mod-Shift-r": alignTo("right"),
      "Mod-k": open.link,
      "Mod-K": open.link,
      "Alt-Enter": open.panel,
      "Alt-F10": open.toolbar,
      "Mod-z": undo,
      "Mod-Z": redo,
      "Mod-Shift-z": redo,
      "Mod-y": redo,
      "Alt-Shift-ArrowUp": move(true),
      "Alt-Shift-ArrowDown": move(false),
      "Mod-Shift-d": duplicate,
      "Alt-Shift-z": remove,
      "Mod-Enter": chainCommands(exitCode, paragraphBelow),
      "Shift-Enter": hardBreak,
      Backspace: chainCommands(undoInputRule, plainFirst),
      Tab: tab(1),
      "Shift-Tab": tab(-1),
      Enter: chainCommands(
        editCard(open.panel),
        leaveCaption,
        newlineInCode,
        enterMarks,
        splitListItem(nodes.list_item),
        createParagraphNear,
        liftEmptyBlock,
        splitBlockKeepMarks,
      ),
    }),
    keymap(baseKeymap),
  ];
}

function markRule(pattern, type) {
  return new InputRule(pattern, (state, match, start, end) => {
    const [all, before, inside] = match;
    if (!inside.trim() || state.doc.rangeHasMark(start, end, marks.inline_code)) return null;
    if (!state.doc.resolve(start).parent.type.allowsMarkType(type)) return null;
    const from = start + before.length;
    const text = state.tr;
    const lead = (all.length - before.length - inside.length) >> 1;
    // the last character of the match is the one being typed: it is not in the document yet
    const closing = all.length - before.length - inside.length - lead;
    if (closing > 1) text.delete(end - (closing - 1), end);
    text.delete(from, from + lead);
    text.addMark(from, from + inside.length, type.create());
    return text.removeStoredMark(type);
  });
}

/** `## `, `- `, `1. `, `> `, ```` ``` ````, `---`, and marks around words. */
export function rules() {
  const separator = new InputRule(/^(---|\*\*\*|___)\s$/, (state, _match, start, end) => {
    const tr = state.tr.delete(start, end);
    return place(tr, nodes.separator.create()) ? afterSeparator(tr) : null;
  });
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,6})\s$/, nodes.heading, (match) => ({ level: Math.max(match[1].length, 2) })),
      wrappingInputRule(/^\s*([-+*])\s$/, nodes.bullet_list),
      wrappingInputRule(
        /^(\d{1,5})[.)]\s$/,
        nodes.ordered_list,
        (match) => ({ start: Number(match[1]) }),
        (match, node) => node.childCount + node.attrs.start === Number(match[1]),
      ),
      wrappingInputRule(/^\s*>\s$/, nodes.quote),
      textblockTypeInputRule(/^```([\w+#-]{0,30})\s$/, nodes.code, (match) => ({ language: match[1].toLowerCase() })),
      separator,
      markRule(/(^|\s)\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, marks.bold),
      markRule(/(^|\s)\*([^*\s](?:[^*]*[^*\s])?)\*$/, marks.italic),
      markRule(/(^|\s)_([^_\s](?:[^_]*[^_\s])?)_$/, marks.italic),
      markRule(/(^|\s)~~([^~\s](?:[^~]*[^~\s])?)~~$/, marks.strike),
      markRule(/(^|\s)`([^`]+)`$/, marks.inline_code),
      ellipsis,
    ],
  });
}

/** The cursor goes below a separator that was typed. */
function afterSeparator(tr) {
  const at = tr.selection.to;
  const next = tr.doc.resolve(at).nodeAfter;
  if (!next?.isTextblock) tr.insert(at, nodes.paragraph.create());
  return tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1)));
}
