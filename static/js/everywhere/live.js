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

// A page that is opened to fill in one form begins in its first field. Not where that field lies below the first screen:
// then what stands above it is there to be read.
function begin() {
  const forms = document.querySelectorAll("main.narrow > form.form[method=post]");
  if (forms.length !== 1 || location.hash || document.querySelector("[autofocus]")) return;
  const fields = [...forms[0].querySelectorAll("input:not([type=hidden]), select, textarea")];
  let first = fields.find((field) => field.checkVisibility() && !field.disabled);
  if (first?.type === "radio") first = fields.find((field) => field.name === first.name && field.checked) ?? first;
  if (first && first.getBoundingClientRect().bottom <= innerHeight) first.focus();
}
if (document.activeElement === document.body) begin();
