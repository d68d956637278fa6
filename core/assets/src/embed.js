// Loads what another site shows, once a reader asks for it: until then the browser asks that site nothing.
// Without this script the link leads there, as any link.

const PLAIN = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.embed-open");
  const figure = link?.closest("figure[data-frame]");
  if (!figure || !PLAIN(event)) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  frame.src = figure.dataset.frame;
  frame.title = link.querySelector(".embed-title")?.textContent ?? "";
  frame.className = `embed-frame shape-${figure.dataset.shape}`;
  frame.allow = "fullscreen; encrypted-media; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
  link.replaceWith(frame);
  figure.querySelector(".embed-hint")?.remove();
  frame.focus();
});
