// Ticking many rows: the box in the head ticks the page, the bar says how many are ticked.
// With nothing ticked the bar's buttons are off; without this file they are always on.
function survey(form) {
  const boxes = [...form.querySelectorAll("[data-bulk-one]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-bulk-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  const bar = form.querySelector("[data-bulk-bar]");
  if (!bar) return;
  for (const act of bar.querySelectorAll("button")) act.disabled = ticked === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) {
    const number = new Intl.NumberFormat(document.documentElement.lang).format(ticked);
    count.textContent = count.dataset.words.replace("{n}", number);
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-bulk-all]")) {
    for (const box of form.querySelectorAll("[data-bulk-one]")) box.checked = event.target.checked;
  }
  survey(form);
});

function surveyAll() {
  for (const form of document.querySelectorAll("form[data-bulk]")) survey(form);
}
surveyAll();
addEventListener("pageshow", surveyAll);
document.addEventListener("htmx:afterSettle", surveyAll);
