// The preview beside the text: the page of the site in a frame, at the width of a phone, a tablet or a desk.

/** Show what stands in the form, kept as a copy first, in the pane or (with Ctrl, or the middle button) in a tab. */
export function startPane(copies) {
  const pane = document.getElementById("preview-pane");
  if (!pane) return;
  const frame = pane.querySelector("iframe");
  const tab = pane.querySelector("[data-tab]");

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-preview]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await copies.send();
    tab.href = link.href;
    frame.src = link.href;
    link.closest("details")?.removeAttribute("open");
    pane.showModal();
  });

  pane.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) pane.close();
    const chosen = event.target.closest("button[data-width]");
    if (!chosen) return;
    frame.dataset.width = chosen.dataset.width;
    for (const button of pane.querySelectorAll("button[data-width]")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
  });
  pane.addEventListener("close", () => frame.removeAttribute("src"));
}
