// What has to be corrected gets the focus: on a page that came back with errors, and in a part that htmx put in.

export function startMistakes() {
  const look = (root) => {
    const wrong = root.querySelector('[aria-invalid="true"]:not([type="hidden"])');
    if (!wrong) return;
    wrong.closest("details")?.setAttribute("open", "");
    wrong.focus({ preventScroll: false });
  };
  look(document);
  document.addEventListener("htmx:afterSettle", (event) => look(event.detail.target ?? document));
}
