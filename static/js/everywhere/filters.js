// A form marked data-auto is sent as soon as a choice in it changes. Its button does the same
// without this file.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-auto]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
    form.requestSubmit();
  }
});

// An empty search leaves no "?q=" behind.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("method") !== "get") return;
  for (const field of event.target.querySelectorAll("input[type=search], select")) {
    if (!field.value) field.disabled = true;
  }
});

// Back in the history, fields that were switched off work again.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method=get] :is(input[type=search], select)")) {
    field.disabled = false;
  }
});
