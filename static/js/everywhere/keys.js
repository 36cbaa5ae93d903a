// Single keys that work on every page: "?" shows the keys, "/" goes to the search. A person can
// switch single keys off; then this file does nothing.
function typing(element) {
  return element.isContentEditable || element.matches?.("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.shortcuts !== "on") return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    const keys = document.getElementById("keys");
    if (keys) {
      event.preventDefault();
      keys.showModal();
    }
  } else if (event.key === "/") {
    const search = document.querySelector("main input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});
