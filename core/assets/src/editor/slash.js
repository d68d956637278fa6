// The menu of blocks: "/" opens it where the cursor is; typing filters, arrows and Enter choose, Esc leaves.
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { KINDS, insert } from "./catalogue.js";
import { announce, el, icon, say } from "./dom.js";
import { paragraphBelow, placeFor } from "./moving.js";

const key = new PluginKey("slash");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Return the kinds that fit what was typed and could stand here; names that begin with it come first. */
function found(state, typed) {
  const wanted = plain(typed);
  const scored = [];
  for (const kind of KINDS) {
    const label = plain(say(`block_${kind.name}`));
    const names = `${label} ${kind.also} ${kind.name}`;
    const begins = names.split(/[\s_]+/).some((word) => word.startsWith(wanted));
    const closed = label.replace(/\s/g, "");
    const score = label.startsWith(wanted) || closed.startsWith(wanted) ? 0 : begins ? 1 : closed.includes(wanted) ? 2 : 9;
    if (score < 9 && placeFor(state.selection, kind.make().type)) scored.push([score, kind]);
  }
  return scored.sort((a, b) => a[0] - b[0]).map(([, kind]) => kind);
}

function read(tr, before) {
  const told = tr.getMeta(key);
  if (told?.close) return null;
  if (told?.open !== undefined) return { from: told.open, index: 0, query: "", borrowed: told.borrowed ?? false };
  if (!before) return null;
  const from = tr.mapping.map(before.from, -1);
  const { selection } = tr;
  if (!(selection instanceof TextSelection) || !selection.empty || selection.from <= from) return null;
  if (selection.$from.start() > from) return null;
  const typed = tr.doc.textBetween(from, selection.from, "\n", "￼");
  if (!/^\/[^\s/￼]{0,30}$/.test(typed)) return null;
  const query = typed.slice(1);
  return { ...before, from, query, index: told?.index ?? (query === before.query ? before.index : 0) };
}

/** Open the menu from a button: in an empty paragraph that is there, or in a new one below. */
export function openMenu(view) {
  view.focus();
  const { $from, empty } = view.state.selection;
  const here = empty && $from.parent.type.name === "paragraph" && $from.parent.content.size === 0;
  if (!here) paragraphBelow(view.state, view.dispatch);
  const at = view.state.selection.from;
  view.dispatch(view.state.tr.insertText("/").setMeta(key, { open: at, borrowed: true }));
}

export function slash(asked) {
  let shown = [];

  const close = (view) => {
    const { from, borrowed } = key.getState(view.state);
    const tr = view.state.tr.setMeta(key, { close: true });
    if (borrowed) tr.delete(from, view.state.selection.from);
    view.dispatch(tr);
  };

  const choose = (view, kind) => {
    const { from } = key.getState(view.state);
    view.dispatch(view.state.tr.delete(from, view.state.selection.from).setMeta(key, { close: true }));
    if (insert(view, kind, asked)) announce(say("inserted", { what: say(`block_${kind.name}`) }));
  };

  return new Plugin({
    key,
    state: { init: () => null, apply: read },
    props: {
      handleTextInput(view, from, _to, typed, usual) {
        if (typed !== "/" || view.composing) return false;
        const $from = view.state.doc.resolve(from);
        if ($from.parent.type.name !== "paragraph") return false;
        const before = $from.parent.textBetween(0, $from.parentOffset, "\n", "￼");
        if (before && !/\s$/.test(before)) return false;
        view.dispatch(usual().setMeta(key, { open: from }));
        return true;
      },
      handleKeyDown(view, event) {
        const now = key.getState(view.state);
        if (!now || !shown.length) return false;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
          const index = (now.index + step + shown.length) % shown.length;
          view.dispatch(view.state.tr.setMeta(key, { index }));
        } else if (event.key === "Enter" || event.key === "Tab") {
          choose(view, shown[now.index]);
        } else if (event.key === "Escape") {
          close(view);
        } else {
          return false;
        }
        event.preventDefault();
        return true;
      },
      attributes(state) {
        return key.getState(state) && shown.length
          ? { "aria-controls": "slash-menu", "aria-activedescendant": `slash-${key.getState(state).index}` }
          : {};
      },
    },
    view(view) {
      const box = el("div", { class: "slash-menu", id: "slash-menu", role: "listbox", "aria-label": say("blocks"), hidden: true });
      view.dom.parentNode.append(box);
      let last = null;

      function draw(now) {
        shown = found(view.state, now.query);
        let group = "";
        const lines = [];
        shown.forEach((kind, index) => {
          if (!now.query && kind.group !== group) lines.push(el("p", { class: "slash-group", role: "presentation" }, say(`group_${kind.group}`)));
          group = kind.group;
          lines.push(
            el(
              "div",
              {
                role: "option",
                id: `slash-${index}`,
                "aria-selected": String(index === now.index),
                onmousedown: (event) => event.preventDefault(),
                onclick: () => choose(view, kind),
              },
              icon(kind.icon),
              el("span", {}, say(`block_${kind.name}`)),
              kind.hint ? el("kbd", {}, kind.hint) : null,
            ),
          );
        });
        box.replaceChildren(...lines);
      }

      function put(now) {
        const room = box.parentNode.getBoundingClientRect();
        const at = view.coordsAtPos(now.from);
        const below = innerHeight - at.bottom > Math.min(box.offsetHeight, 340) + 8 || at.top < 360;
        box.style.left = `${Math.max(0, Math.min(at.left - room.left, room.width - box.offsetWidth))}px`;
        box.style.top = `${below ? at.bottom - room.top + 6 : at.top - room.top - box.offsetHeight - 6}px`;
      }

      return {
        update() {
          const now = key.getState(view.state);
          if (now === last) return;
          const fresh = now && (!last || now.query !== last.query);
          last = now;
          if (!now) {
            box.hidden = true;
            shown = [];
            return;
          }
          if (fresh) draw(now);
          box.hidden = shown.length === 0;
          if (box.hidden) return;
          for (const line of box.querySelectorAll("[role=option]")) {
            line.setAttribute("aria-selected", String(line.id === `slash-${now.index}`));
          }
          if (fresh) put(now);
          box.querySelector('[aria-selected="true"]').scrollIntoView({ block: "nearest" });
          announce(say(`block_${shown[now.index].name}`));
          view.dom.setAttribute("aria-activedescendant", `slash-${now.index}`);
        },
        destroy: () => box.remove(),
      };
    },
  });
}
