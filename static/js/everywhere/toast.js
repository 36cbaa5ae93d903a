// A message goes after six seconds, but never while it is pointed at or holds the focus.
// Refusals (data-toast="stay") stay until they are closed.
const SECONDS = 6;

function mind(toast) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), SECONDS * 1000);
  };
  const hold = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", wait);
  wait();
}

function mindAll(within) {
  for (const toast of within.querySelectorAll("[data-toast]:not([data-minded])")) {
    toast.dataset.minded = "";
    if (toast.dataset.toast !== "stay") mind(toast);
  }
}

const shelf = document.getElementById("toast");
if (shelf) {
  mindAll(shelf);
  new MutationObserver(() => mindAll(shelf)).observe(shelf, { childList: true });
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dismiss]")?.closest("[data-toast]")?.remove();
});
