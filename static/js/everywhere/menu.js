// A menu is a <details>: this closes it on Escape, on a click outside and when another opens,
// and lets the arrow keys walk through it. It opens and closes without this file.
const MENUS = "details.menu";

function close(menu, back = false) {
  menu.open = false;
  if (back) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(`${MENUS}[open]`)) {
    if (!menu.contains(event.target)) close(menu);
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(`${MENUS}[open]`);
  if (!menu) return;
  if (event.key === "Escape") {
    event.preventDefault();
    close(menu, true);
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const end = { Home: 0, End: -1 }[event.key];
  if (step === undefined && end === undefined) return;
  const entries = [...menu.querySelectorAll(".menu-list :is(a[href], button:not(:disabled))")];
  if (!entries.length) return;
  event.preventDefault();
  const now = entries.indexOf(document.activeElement);
  const next = end ?? (now === -1 && step === -1 ? -1 : (now + step) % entries.length);
  entries.at(next).focus();
});
