// What comes from Word, Google Docs or a web page, made into plain elements before the editor reads it.

const DROPPED = "script, style, meta, link, title, noscript, iframe, object, embed, template, svg, canvas, input, select, textarea, button, nav, audio, video, o\\:p:empty, [hidden], [aria-hidden=true]";
const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre, figure, section, article";

/** Read the declarations of a style attribute that was put aside. */
function styles(node) {
  const found = {};
  for (const part of (node.getAttribute("data-css") ?? "").split(";")) {
    const at = part.indexOf(":");
    if (at > 0) found[part.slice(0, at).trim().toLowerCase()] = part.slice(at + 1).trim().toLowerCase();
  }
  return found;
}

const unwrap = (node) => node.replaceWith(...node.childNodes);

function wrapInside(node, tag) {
  const made = node.ownerDocument.createElement(tag);
  made.append(...node.childNodes);
  node.append(made);
}

function rename(node, tag) {
  const made = node.ownerDocument.createElement(tag);
  made.append(...node.childNodes);
  node.replaceWith(made);
  return made;
}

/** Prepare the source: without comments and programs' own markup, styles put where the browser leaves them alone. */
function prepare(html) {
  const fragment = /<!--\s*StartFragment\s*-->([\s\S]*)<!--\s*EndFragment\s*-->/i.exec(html);
  return (fragment?.[1] ?? html)
    .replace(/<!\[if !supportLists\]>/gi, "")
    .replace(/<!--[\s\S]*?-->|<!\[[^>]*>|<\?xml[^>]*>/g, "")
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-css=").replace(/\son\w+\s*=/gi, " data-off="));
}

/** Word's lists are paragraphs with a level and a bullet as text. */
function wordLists(body) {
  let open = [];
  for (const line of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const said = styles(line)["mso-list"] ?? "";
    const level = Number(/level(\d)/.exec(said)?.[1] ?? 0);
    const name = said.split(/\s/)[0];
    if (!level) {
      open = [];
      continue;
    }
    const mark = [...line.querySelectorAll("span")].find((span) => styles(span)["mso-list"] === "ignore");
    const sign = mark?.textContent.trim() ?? "";
    mark?.remove();
    const tag = /^(\d+|[a-z]|[ivxlc]+)[.)]/i.test(sign) ? "ol" : "ul";
    const before = open.at(-1);
    if (open.length && !follows(before.list.closest("[data-top]") ?? before.list, line)) open = [];
    while (open.length && (open.at(-1).level > level || (open.at(-1).level === level && open.at(-1).name !== name))) open.pop();
    if (!open.length || open.at(-1).level < level) {
      const list = body.ownerDocument.createElement(tag);
      const outer = open.at(-1)?.list.lastElementChild;
      if (outer) outer.append(list);
      else {
        list.setAttribute("data-top", "");
        line.before(list);
      }
      const start = Number.parseInt(sign, 10);
      if (tag === "ol" && start > 1) list.setAttribute("start", String(start));
      open.push({ list, level, name });
    }
    const item = body.ownerDocument.createElement("li");
    const text = body.ownerDocument.createElement("p");
    text.append(...line.childNodes);
    item.append(text);
    open.at(-1).list.append(item);
    line.remove();
  }
}

function follows(list, line) {
  let next = list.nextSibling;
  while (next && next !== line && next.nodeType === Node.TEXT_NODE && !next.data.trim()) next = next.nextSibling;
  return next === line;
}

/** Google Docs and old pages put a list into a list, instead of into the item before. */
function nestLists(body) {
  for (const list of body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol")) {
    const before = list.previousElementSibling;
    if (before?.tagName === "LI") before.append(list);
    else unwrap(list);
  }
}

/** Boldness and the like are said by styles in both programs: say them by elements. */
function marksOf(body) {
  for (const node of [...body.querySelectorAll("b, strong")]) {
    if (/^(normal|[1-4]00)$/.test(styles(node)["font-weight"] ?? "")) unwrap(node);
  }
  for (const node of [...body.querySelectorAll("span, font, a, p, li")]) {
    const css = styles(node);
    if (/mso-spacerun/.test(node.getAttribute("data-css") ?? "")) node.textContent = " ";
    if (!node.matches("span, font, a")) continue;
    const heading = node.closest("h1, h2, h3, h4, h5, h6");
    const decoration = css["text-decoration"] ?? css["text-decoration-line"] ?? "";
    if (/^(bold|[6-9]00)/.test(css["font-weight"] ?? "") && !heading) wrapInside(node, "strong");
    if (css["font-style"] === "italic") wrapInside(node, "em");
    if (/line-through/.test(decoration)) wrapInside(node, "s");
    if (/underline/.test(decoration) && !node.closest("a") && !node.querySelector("a")) wrapInside(node, "u");
    if (css["vertical-align"] === "super") wrapInside(node, "sup");
    if (css["vertical-align"] === "sub") wrapInside(node, "sub");
    const paint = css["mso-highlight"] ?? "";
    if (paint && paint !== "none") wrapInside(node, "mark");
  }
  // headings are bold by themselves
  for (const node of [...body.querySelectorAll("h1 :is(b, strong), h2 :is(b, strong), h3 :is(b, strong), h4 :is(b, strong)")]) unwrap(node);
}

function alignments(body) {
  for (const node of body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, td, th")) {
    const align = styles(node)["text-align"];
    if (align === "center" || align === "right") node.setAttribute("data-align", align);
  }
}

/** Word's own styles of paragraphs: titles, quotes, code. */
function wordStyles(body) {
  for (const node of [...body.querySelectorAll("p[class^=Mso]")]) {
    if (/^MsoTitle/.test(node.className)) rename(node, "h2");
    else if (/^Mso(Intense)?Quote/.test(node.className)) {
      const quote = body.ownerDocument.createElement("blockquote");
      node.replaceWith(quote);
      quote.append(node);
    }
  }
}

function links(body) {
  for (const link of [...body.querySelectorAll("a")]) {
    const href = link.getAttribute("href") ?? "";
    const inner = /^https?:\/\/www\.google\.com\/url\?(.*)$/.exec(href);
    if (inner) link.setAttribute("href", new URLSearchParams(inner[1].replace(/&amp;/g, "&")).get("q") ?? href);
    // marks of footnotes, names of places, and links without any text
    if (!href || /^(file:|about:|#_|javascript:|data:)/i.test(href) || (!link.textContent.trim() && !link.querySelector("img"))) unwrap(link);
  }
}

/** A picture with what stands below it. */
function figures(body) {
  for (const image of [...body.querySelectorAll("img")]) {
    const source = image.getAttribute("src") ?? "";
    if (!/^https?:/i.test(source) || (Number(image.getAttribute("width")) === 1 && Number(image.getAttribute("height")) === 1)) {
      image.remove();
    }
  }
  for (const figure of [...body.querySelectorAll("figure:not([data-block])")]) {
    const image = figure.querySelector("img");
    if (!image || figure.querySelector("table")) {
      unwrap(figure);
      continue;
    }
    const caption = figure.querySelector("figcaption") ?? body.ownerDocument.createElement("figcaption");
    const link = image.closest("a")?.getAttribute("href") ?? "";
    figure.setAttribute("data-block", "image");
    figure.setAttribute("data-attrs", JSON.stringify({ src: image.getAttribute("src"), alt: image.getAttribute("alt") || null, link: /^https?:/.test(link) ? link : "" }));
    figure.replaceChildren(caption);
  }
}

/** Paragraphs that hold nothing, and lines broken between blocks. */
function emptiness(body) {
  for (const node of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, li > div")]) {
    if (!node.textContent.trim() && !node.querySelector("img, hr, figure, table") && !node.closest("td, th")) node.remove();
  }
  for (const node of [...body.querySelectorAll("li")]) {
    if (!node.textContent.trim() && !node.querySelector("img")) node.remove();
  }
  for (const rest of [...body.querySelectorAll("br")]) {
    const [before, after] = [rest.previousElementSibling, rest.nextElementSibling];
    const alone = !rest.parentNode.matches?.("p, li, td, th, h1, h2, h3, h4, h5, h6, pre, span, a");
    if (rest.className === "Apple-interchange-newline" || (alone && (before?.matches(BLOCKS) || after?.matches(BLOCKS)))) rest.remove();
  }
}

/** Lines of the source between blocks are no text. */
function gaps(body) {
  body.normalize();
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (text.previousElementSibling?.matches(BLOCKS) && text.previousSibling.nodeType === Node.ELEMENT_NODE) text.data = text.data.trimStart();
    if (text.nextElementSibling?.matches(BLOCKS) && text.nextSibling.nodeType === Node.ELEMENT_NODE) text.data = text.data.trimEnd();
  }
}

/** Return clean HTML for HTML of the clipboard. What the editor itself copied stays as it is. */
export function cleanHtml(html) {
  if (html.includes("data-pm-slice")) return html;
  const { body } = new DOMParser().parseFromString(prepare(html), "text/html");
  for (const node of [...body.querySelectorAll("*")]) {
    const css = styles(node);
    if (css.display === "none" || css["mso-hide"] === "all") node.remove();
  }
  for (const node of [...body.querySelectorAll(DROPPED)]) node.remove();
  wordLists(body);
  wordStyles(body);
  nestLists(body);
  marksOf(body);
  alignments(body);
  links(body);
  figures(body);
  for (const node of [...body.querySelectorAll("font, o\\:p, center")]) unwrap(node);
  emptiness(body);
  gaps(body);
  for (const node of body.querySelectorAll("*")) {
    for (const { name } of [...node.attributes]) if (!KEPT.has(name) && !(name === "class" && node.matches("pre, pre > code"))) node.removeAttribute(name);
  }
  return body.innerHTML;
}

const KEPT = new Set(["href", "title", "src", "alt", "colspan", "rowspan", "start", "lang", "data-align", "data-block", "data-attrs"]);
