// A page with several forms sends one of them and is drawn anew. What stood in the others, typed and
// not sent, is put back where it stood. It is kept in this tab alone, for two hours, and goes with the sign-in.
const KEPT = "drafts";
const HOURS = 2;
const TYPED = new Set(["textarea", "text", "search", "number", "date", "url", "email", "tel"]);

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

function keep(all) {
  try {
    if (Object.keys(all).length) sessionStorage.setItem(KEPT, JSON.stringify(all));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // No room, or no storage at all: then it is as without this file.
  }
}

const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const untouched = (field) => (ticks(field) ? field.checked === field.defaultChecked : field.value === field.defaultValue);
const fields = (form) =>
  [...form.elements].filter((one) => one.name && !one.readOnly && (ticks(one) || TYPED.has(one.type)));

document.addEventListener("submit", (event) => {
  const drafts = [];
  for (const form of document.forms) {
    if (form === event.target || form.method !== "post") continue;
    for (const field of fields(form)) {
      if (untouched(field)) continue;
      drafts.push([form.getAttribute("action"), field.name, ticks(field) ? field.value : null, field.value]);
    }
  }
  const all = kept();
  delete all[location.pathname];
  if (drafts.length) all[location.pathname] = { at: Date.now(), drafts };
  keep(all);
});

function putBack() {
  const all = kept();
  for (const [path, { at }] of Object.entries(all)) if (Date.now() - at > HOURS * 3600 * 1000) delete all[path];
  const found = all[location.pathname];
  delete all[location.pathname];
  keep(all);
  for (const [action, name, tick, value] of found?.drafts ?? []) {
    const form = [...document.forms].find((one) => one.method === "post" && one.getAttribute("action") === action);
    const field = form && fields(form).find((one) => one.name === name && (tick === null || one.value === tick));
    if (!field || !untouched(field)) continue;
    if (tick === null) field.value = value;
    else field.checked = !field.defaultChecked;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

if (document.querySelector(".shell")) putBack();
else keep({}); // whoever signs in next is perhaps somebody else
