// How blocks without text of their own look while writing, and pictures with their captions.
import { ask, el, icon, say } from "./dom.js";
import { pictureOf } from "./media.js";

/** Show the picture of a number in a place that may be gone until it is known. */
function picture(number, source, words) {
  const img = el("img", { alt: words, loading: "lazy", draggable: "false" });
  const put = (found) => {
    if (found) img.src = found.url ?? found.thumb;
    else img.replaceWith(el("span", { class: "missing" }, icon("image"), say("picture_missing")));
  };
  if (source) {
    if (!shows(source)) return el("span", { class: "missing" }, icon("image"), say("picture_elsewhere", { host: host(source) }));
    img.src = source;
    img.addEventListener("error", () => put(null), { once: true });
  } else {
    const found = pictureOf(number);
    if (found instanceof Promise) found.then(put);
    else if (found) put(found);
    else return el("span", { class: "missing" }, icon("image"), say("picture_missing"));
  }
  return img;
}

/** Whether the site shows pictures of an address: its own, and those of hosts that its settings name. */
function shows(address) {
  const { origin, host: name } = new URL(address, location.href);
  const fits = (allowed) => allowed === name || (allowed.startsWith("*.") && name.endsWith(allowed.slice(1)));
  return origin === location.origin || document.getElementById("editor").dataset.hosts.split(" ").some(fits);
}

const host = (url) => {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
};

function line(name, title, ...more) {
  return [icon(name), el("span", { class: "card-text" }, el("strong", {}, title), ...more)];
}

const note = (text) => (text ? el("small", {}, text) : null);

/** What each card shows. */
const FACES = {
  embed: ({ url, caption }) => line("video", url ? host(url) : say("embed_empty"), note(url), note(caption)),
  button: ({ text, style }) => [el("span", { class: `button button-${style}` }, text || say("button_empty"))],
  shortcode: ({ name, attrs_text: typed, body }) =>
    line("shortcode", name ? `[${name}${typed ? ` ${typed}` : ""}]` : say("shortcode_empty"), note(body)),
  pattern: ({ pattern }) => line("puzzle", pattern ? say("pattern_of", { number: pattern }) : say("pattern_empty")),
  html: ({ html }) => [...line("html", say("block_html")), el("pre", {}, html.trim().slice(0, 600))],
  more: () => [el("span", { class: "rule" }, say("block_more"))],
  page_break: () => [el("span", { class: "rule" }, say("block_page_break"))],
  gallery: ({ images, columns, crop, caption }) =>
    images.length
      ? [
          el(
            "ul",
            { class: `gallery columns-${columns}${crop ? " crop" : ""}` },
            images.map((image) => el("li", {}, picture(image.media, "", image.alt ?? ""), note(image.caption))),
          ),
          caption ? el("p", { class: "caption" }, caption) : null,
        ]
      : line("gallery", say("gallery_empty")),
};

const previews = new Map();

/** Ask the server how a block will look, once for the same attributes. */
function previewOf(type, attrs) {
  const { id: _id, ...own } = attrs;
  const key = JSON.stringify([type, own]);
  if (!previews.has(key)) previews.set(key, ask("/admin/blocks/preview", { body: { type, attrs: own } }).catch(() => null));
  return previews.get(key);
}

const PREVIEWED = { shortcode: "name", pattern: "pattern" };

const looksOf = ({ attrs }) => JSON.stringify({ ...attrs, id: null });

class Card {
  constructor(node, view, getPos, open) {
    this.node = node;
    this.dom = el("div", { class: `block-card block-card-${node.type.name}`, contenteditable: "false" });
    this.dom.addEventListener("dblclick", () => open());
    this.draw();
  }

  draw() {
    const { type, attrs } = this.node;
    const align = attrs.align ? ` align-${attrs.align}` : "";
    this.dom.className = `block-card block-card-${type.name}${align}${this.chosen ? " ProseMirror-selectednode" : ""}`;
    this.dom.setAttribute("role", "group");
    this.dom.setAttribute("aria-label", say(`block_${type.name}`));
    this.dom.replaceChildren(...FACES[type.name](attrs).filter(Boolean));
    const needed = PREVIEWED[type.name];
    if (needed && attrs[needed]) this.preview();
  }

  async preview() {
    const { node } = this;
    const found = await previewOf(node.type.name, node.attrs);
    if (!found?.html || node !== this.node) return;
    // the server's own rendering, cleaned by the one allow-list; nothing in it can be clicked here
    const shown = el("div", { class: "preview", inert: true });
    shown.append(...new DOMParser().parseFromString(found.html, "text/html").body.childNodes);
    this.dom.append(shown);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const same = looksOf(node) === looksOf(this.node);
    this.node = node;
    if (!same) this.draw();
    return true;
  }

  selectNode() {
    this.chosen = true;
    this.dom.classList.add("ProseMirror-selectednode");
  }

  deselectNode() {
    this.chosen = false;
    this.dom.classList.remove("ProseMirror-selectednode");
  }

  ignoreMutation() {
    return true;
  }
}

class Picture {
  constructor(node, view, getPos, pick) {
    this.node = node;
    this.pick = () => pick(getPos());
    this.dom = el("figure", { class: "media" });
    this.frame = el("div", { class: "frame", contenteditable: "false" });
    this.contentDOM = el("figcaption", { "data-placeholder": say("caption") });
    this.dom.append(this.frame, this.contentDOM);
    this.draw();
  }

  draw() {
    const { media, src, alt, decorative, align, link } = this.node.attrs;
    this.dom.className = `media${align ? ` align-${align}` : ""}${this.chosen ? " ProseMirror-selectednode" : ""}`;
    if (media || src) {
      this.frame.replaceChildren(picture(media, src, decorative ? "" : (alt ?? "")));
      if (link) this.frame.append(el("span", { class: "link-mark" }, icon("link"), say("linked")));
    } else {
      this.frame.replaceChildren(
        el("button", { type: "button", class: "empty-picture", onclick: this.pick }, icon("image"), say("image_empty")),
      );
    }
    this.contentDOM.classList.toggle("unwritten", this.node.content.size === 0);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const same = looksOf(node) === looksOf(this.node);
    this.node = node;
    if (same) this.contentDOM.classList.toggle("unwritten", node.content.size === 0);
    else this.draw();
    return true;
  }

  selectNode() {
    this.chosen = true;
    this.dom.classList.add("ProseMirror-selectednode");
  }

  deselectNode() {
    this.chosen = false;
    this.dom.classList.remove("ProseMirror-selectednode");
  }

  stopEvent(event) {
    return event.target.closest?.(".empty-picture") !== null && event.type !== "dragstart";
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

/** The views of all blocks that need one; `open` shows the panel, `pick` chooses the picture at a position. */
export function views(open, pick) {
  const found = Object.fromEntries(
    Object.keys(FACES).map((name) => [name, (node, view, getPos) => new Card(node, view, getPos, open)]),
  );
  found.image = (node, view, getPos) => new Picture(node, view, getPos, pick);
  return found;
}
