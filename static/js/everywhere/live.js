// What was swapped in may say in words what happened (data-live); the live region reads it out.
// A swap also loses the focus: data-focus on what came in takes it.
const live = document.getElementById("live");

function tell(words) {
  if (!live || !words) return;
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = words));
}

function arrived(element) {
  if (!(element instanceof Element)) return;
  const speaker = element.matches("[data-live]") ? element : element.querySelector("[data-live]");
  tell(speaker?.dataset.live);
  const wanted = element.matches("[data-focus]") ? element : element.querySelector("[data-focus]");
  wanted?.focus();
}

document.addEventListener("htmx:afterSettle", (event) => arrived(event.detail.elt));
document.addEventListener("htmx:oobAfterSwap", (event) => arrived(event.detail.target));
document.addEventListener("tell", (event) => tell(event.detail.words ?? event.detail.value));
document.querySelector("[data-focus]")?.focus();
