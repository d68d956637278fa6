// At the margin of the block under the pointer or the cursor: add one below, and a handle to drag it by.
import { NodeSelection, Plugin } from "prosemirror-state";
import { button, icon, say } from "./dom.js";
import { blockAt, blockRange } from "./moving.js";
import { openMenu } from "./slash.js";

export const handle = (openActions) =>
  new Plugin({
    view(view) {
      let at = null;
      let pointed = false;

      const select = () => {
        const { state } = view;
        view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, at.pos)));
      };
      const add = button({ label: say("add_below"), class: "handle-add", tabindex: "-1" }, icon("plus"));
      const grip = button({ label: say("move_block"), class: "handle-grip", tabindex: "-1", draggable: "true" }, icon("grip"));
      grip.onmousedown = null;
      const box = document.createElement("div");
      box.className = "handle";
      box.hidden = true;
      box.append(add, grip);
      view.dom.parentNode.append(box);

      function show(found) {
        const dom = found && view.nodeDOM(found.pos);
        at = found;
        box.hidden = !dom?.getBoundingClientRect || !view.editable;
        if (box.hidden) return;
        const [room, block] = [box.parentNode.getBoundingClientRect(), dom.getBoundingClientRect()];
        const line = Math.min(Number.parseFloat(getComputedStyle(dom).lineHeight) || 28, block.height);
        box.style.top = `${block.top - room.top + line / 2}px`;
        box.style.left = `${block.left - room.left}px`;
      }

      function showCurrent() {
        const range = view.hasFocus() ? blockRange(view.state.selection) : null;
        show(range ? { pos: range.start, node: range.parent.child(range.startIndex) } : null);
      }

      add.addEventListener("click", () => {
        if (!at) return;
        select();
        openMenu(view);
      });
      grip.addEventListener("click", () => {
        if (!at) return;
        select();
        view.focus();
        openActions();
      });
      grip.addEventListener("dragstart", (event) => {
        if (!at) return;
        select();
        const { selection } = view.state;
        const slice = selection.content();
        const { dom, text } = view.serializeForClipboard(slice);
        event.dataTransfer.clearData();
        event.dataTransfer.setData("text/html", dom.innerHTML);
        event.dataTransfer.setData("text/plain", text);
        event.dataTransfer.effectAllowed = "copyMove";
        event.dataTransfer.setDragImage(view.nodeDOM(at.pos), 0, 0);
        view.dragging = { slice, move: true, node: selection };
      });
      grip.addEventListener("dragend", () => {
        view.dragging = null;
      });

      function point(event) {
        if (event.buttons || box.contains(event.target)) return;
        const room = view.dom.getBoundingClientRect();
        if (event.clientY < room.top || event.clientY > room.bottom) return;
        const x = Math.max(room.left + 4, Math.min(event.clientX, room.right - 4));
        const spot = view.posAtCoords({ left: x, top: event.clientY });
        if (!spot) return;
        const found = blockAt(view.state.doc, spot.inside >= 0 ? spot.inside : spot.pos);
        if (!found || (found.pos === at?.pos && !box.hidden)) return;
        pointed = true;
        show(found);
      }

      let frame = 0;
      const shell = view.dom.parentNode;
      const moved = (event) => {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => point(event));
      };
      const left = () => {
        cancelAnimationFrame(frame);
        pointed = false;
        showCurrent();
      };
      shell.addEventListener("mousemove", moved);
      shell.addEventListener("mouseleave", left);
      view.dom.addEventListener("focus", showCurrent);
      view.dom.addEventListener("blur", () => pointed || box.matches(":hover") || show(null));

      let waiting = 0;
      return {
        update(_view, before) {
          if (before.selection.eq(view.state.selection) && before.doc === view.state.doc) return;
          // reading the layout at once would make each keystroke wait for it
          cancelAnimationFrame(waiting);
          waiting = requestAnimationFrame(() => view.isDestroyed || showCurrent());
        },
        destroy() {
          shell.removeEventListener("mousemove", moved);
          shell.removeEventListener("mouseleave", left);
          box.remove();
        },
      };
    },
  });
