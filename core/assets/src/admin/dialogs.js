// Questions before what can't be taken back. Without a script the server asks on a screen of its own.

/** Ask, and return a promise of the answer. */
function ask(text, label, danger) {
  const dialog = document.getElementById("ask");
  if (!dialog) return Promise.resolve(true);
  dialog.querySelector("[data-ask-text]").textContent = text;
  const yes = dialog.querySelector("[data-ask-yes]");
  yes.textContent = label || yes.textContent;
  yes.classList.toggle("btn-danger", danger);
  yes.classList.toggle("btn-main", !danger);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("dialog.ask button[value]");
    if (button) button.closest("dialog").close(button.value);
  });

  document.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const question = button?.dataset.confirm;
    if (!question || button.dataset.asked) return;
    event.preventDefault();
    const danger = !button.matches("[data-calm]");
    const label = button.querySelector("[data-label]") ?? button;
    if (!(await ask(question, label.textContent.trim(), danger))) {
      button.focus();
      return;
    }
    const mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = "_confirmed";
    mark.value = "1";
    event.target.append(mark);
    button.dataset.asked = "1";
    event.target.requestSubmit(button);
  });
}
