// Pasting and dropping: cleaned text, addresses that become links or embeds, pictures that are sent up.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { cleanHtml } from "./clean.js";
import { announce, ask, el, say, toast } from "./dom.js";
import { addressOf } from "./link.js";
import { upload } from "./media.js";
import { placeFor } from "./moving.js";
import { schema } from "./schema.js";

const key = new PluginKey("uploads");
const { nodes, marks } = schema;

/** Where pictures are on their way, a note stands in the text. */
export const uploads = new Plugin({
  key,
  state: {
    init: () => DecorationSet.empty,
    apply(tr, set) {
      const now = set.map(tr.mapping, tr.doc);
      const told = tr.getMeta(key);
      if (told?.add) {
        const note = () => el("div", { class: "uploading", role: "status" }, say("uploading", { name: told.add.name }));
        return now.add(tr.doc, [Decoration.widget(told.add.pos, note, { id: told.add.id, side: 1 })]);
      }
      return told?.gone ? now.remove(now.find(null, null, (spec) => spec.id === told.gone)) : now;
    },
  },
  props: { decorations: (state) => key.getState(state) },
});

/** Send pictures up, and put each where it was dropped once it is there. */
export async function sendUp(view, files, pos) {
  for (const file of files) {
    const id = {};
    const $pos = view.state.doc.resolve(pos ?? view.state.selection.from);
    const at = $pos.depth ? $pos.after(1) : $pos.pos;
    view.dispatch(view.state.tr.setMeta(key, { add: { id, pos: at, name: file.name } }));
    let item = null;
    try {
      item = await upload(file);
    } catch (error) {
      toast(`${file.name}: ${error.message}`);
    }
    if (view.isDestroyed) return;
    const [spot] = key.getState(view.state).find(null, null, (spec) => spec.id === id);
    const tr = view.state.tr.setMeta(key, { gone: id });
    if (item && spot) {
      tr.insert(spot.from, nodes.image.create({ media: item.number }));
      announce(say("uploaded", { name: item.title || file.name }));
    }
    view.dispatch(tr);
  }
}

const pictures = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

/** Pictures alone: programs put a picture of the text beside the text. */
function onlyPictures(data) {
  const found = pictures(data);
  if (!found.length) return [];
  const html = data.getData("text/html");
  if (!html) return data.getData("text/plain").trim() ? [] : found;
  return new DOMParser().parseFromString(html.replace(/\sstyle\s*=/gi, " data-css="), "text/html").body.textContent.trim() ? [] : found;
}

/** Whether the server knows who shows an address; without an answer it stays a link. */
async function embeds(url) {
  try {
    const { html } = await ask("/admin/blocks/preview", { body: { type: "embed", attrs: { url } } });
    return html.includes("embed-open"); // of others it makes a plain link
  } catch {
    return false;
  }
}

function pasteAddress(view, typed) {
  const href = /^(https?:\/\/|mailto:)\S+$/i.test(typed) ? addressOf(typed) : "";
  if (!href) return false;
  const { state } = view;
  const { $from, from, to, empty } = state.selection;
  if (!$from.parent.inlineContent || !$from.parent.type.allowsMarkType(marks.link)) return false;
  const mark = marks.link.create({ href });
  if (!empty) {
    view.dispatch(state.tr.removeMark(from, to, marks.link).addMark(from, to, mark).scrollIntoView());
    return true;
  }
  const alone = $from.parent.type === nodes.paragraph && $from.parent.content.size === 0;
  view.dispatch(state.tr.insert(from, schema.text(typed, [mark])).removeStoredMark(marks.link).scrollIntoView());
  if (alone && /^https?:/i.test(href) && placeFor(state.selection, nodes.embed)) turnIntoEmbed(view, href);
  return true;
}

async function turnIntoEmbed(view, url) {
  if (!(await embeds(url)) || view.isDestroyed) return;
  let spot = null;
  view.state.doc.descendants((node, pos) => {
    if (node.type === nodes.paragraph && node.textContent === url) spot ??= { pos, node };
    return !node.isTextblock && !spot;
  });
  const $spot = spot && view.state.doc.resolve(spot.pos);
  if (!spot || !$spot.parent.canReplaceWith($spot.index(), $spot.index() + 1, nodes.embed)) return;
  const { selection } = view.state;
  const inside = selection.from > spot.pos && selection.to < spot.pos + spot.node.nodeSize;
  const tr = view.state.tr.replaceWith(spot.pos, spot.pos + spot.node.nodeSize, nodes.embed.create({ url }));
  if (inside) {
    tr.setSelection(selection.constructor.near(tr.doc.resolve(spot.pos + 1), 1));
    if (!tr.doc.resolve(spot.pos + 1).nodeAfter) {
      tr.insert(spot.pos + 1, nodes.paragraph.create());
      tr.setSelection(selection.constructor.near(tr.doc.resolve(spot.pos + 2)));
    }
  }
  view.dispatch(tr);
  announce(say("embedded"));
}

export const paste = new Plugin({
  props: {
    transformPastedHTML: cleanHtml,
    handlePaste(view, event) {
      const files = onlyPictures(event.clipboardData);
      if (files.length) {
        sendUp(view, files);
        return true;
      }
      return pasteAddress(view, event.clipboardData?.getData("text/plain").trim() ?? "");
    },
    handleDrop(view, event, _slice, moved) {
      const files = moved ? [] : pictures(event.dataTransfer);
      if (!files.length) return false;
      event.preventDefault();
      sendUp(view, files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
      return true;
    },
  },
});

