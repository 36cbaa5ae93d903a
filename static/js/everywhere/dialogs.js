// Dialogs of the page: [data-open="id"] opens one, [data-close] inside closes it. Where the
// opener is a link it leads to the same thing as a whole page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog instanceof HTMLDialogElement && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  event.target.closest?.("[data-close]")?.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && event.target.dataset.light !== undefined) {
    event.target.close();
  }
});

// A form is sent once: a second press while the answer is on its way is not a second wish.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post" || form.dataset.sending !== undefined) {
    if (form.dataset.sending !== undefined) event.preventDefault();
    return;
  }
  if (form.matches("[hx-post], [data-hx-post]") || event.defaultPrevented) return;
  form.dataset.sending = "";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }
});
