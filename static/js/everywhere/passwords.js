// The button beside a password shows what is typed, until it is pressed again or the form is sent: a browser must never
// keep a shown password among the words it suggests.
function show(button, shown) {
  button.setAttribute("aria-pressed", String(shown));
  document.getElementById(button.getAttribute("aria-controls")).type = shown ? "text" : "password";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".reveal > button");
  if (button) show(button, button.getAttribute("aria-pressed") !== "true");
});
document.addEventListener(
  "submit",
  (event) => {
    for (const button of event.target.querySelectorAll(".reveal > button")) show(button, false);
  },
  { capture: true },
);
