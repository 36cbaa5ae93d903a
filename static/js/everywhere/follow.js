// A part of a page that follows what others do. It asks whether anything is new as long as the page is looked at, says when the
// connection is lost and since when, and picks up again by itself.
const EVERY = 1500;
const SPREAD = 300;
const AT_MOST = 12_000; // between two questions while nobody answers
const FOUND = 4000; // as long it is said that the connection is back
const PATIENCE = 2; // questions without an answer before it is said

function sayLost(part, since) {
  const notice = document.createElement("p");
  notice.className = "lost";
  notice.setAttribute("role", "status");
  const time = since.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  part.before(notice);
  notice.textContent = document.body.dataset.lost.replace("{time}", time);
  return notice;
}

// `busy` tells that nothing may be replaced now, `replace` gets the new part, `mark` names what is shown.
function follow(part, { address, mark, busy, replace }) {
  let unanswered = 0;
  let answered = new Date();
  let notice;
  let timer;

  const missed = () => {
    unanswered += 1;
    if (unanswered >= PATIENCE) notice ??= sayLost(part, answered);
  };

  const there = () => {
    unanswered = 0;
    answered = new Date();
    if (!notice) return;
    const found = notice;
    notice = undefined;
    found.classList.add("found");
    found.textContent = document.body.dataset.found;
    setTimeout(() => found.remove(), FOUND);
  };

  // Where nobody answers, a click would leave the page for one that is not there.
  const held = (event) => {
    if (!notice || (event.type === "click" && !event.target.closest("a[href]"))) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("tell", { detail: { words: notice.textContent } }));
    notice.animate?.([{ opacity: 0.3 }, { opacity: 1 }], 400);
  };
  part.addEventListener("click", held, true);
  part.addEventListener("submit", held, true);

  async function ask() {
    if (document.hidden || busy()) return;
    let answer;
    try {
      answer = await fetch(address, { headers: { "If-None-Match": `"${mark}"`, "HX-Request": "true" }, cache: "no-store" });
      if (answer.status === 401) return void location.assign(answer.headers.get("HX-Redirect") ?? "/");
      if (answer.status !== 200 && answer.status !== 304) return void missed();
      const html = answer.status === 200 ? await answer.text() : undefined;
      there();
      if (html !== undefined && busy()) return; // it is asked for again, under the old mark
      if (html !== undefined) replace(html);
      mark = answer.headers.get("ETag")?.replace(/^W\/|"/g, "") ?? part.querySelector("[data-mark]")?.dataset.mark ?? mark;
    } catch {
      missed();
    }
  }

  async function again() {
    clearTimeout(timer);
    timer = undefined;
    await ask();
    clearTimeout(timer);
    timer = setTimeout(again, Math.min(EVERY * 2 ** unanswered, AT_MOST) + Math.random() * SPREAD);
  }

  timer = setTimeout(again, EVERY + Math.random() * SPREAD);
  const soon = () => {
    if (timer !== undefined && !document.hidden) again();
  };
  document.addEventListener("visibilitychange", soon);
  addEventListener("online", soon);
}

// What held the focus is found again in the new part: by its id, as the button of the same form, or as the same link.
function sameAgain(part, held) {
  if (!held) return undefined;
  if (held.id) return document.getElementById(held.id);
  const form = held.closest("form[action]");
  if (form) return [...part.querySelectorAll("form[action]")].find((one) => one.action === form.action)?.querySelector("button");
  return [...part.querySelectorAll("a[href]")].find((one) => one.href === held.href);
}

for (const part of document.querySelectorAll("[data-follow]")) {
  follow(part, {
    address: location.pathname + location.search,
    mark: part.dataset.follow,
    busy: () => part.querySelector("details.menu[open]") !== null || part.querySelector("form[aria-busy]") !== null,
    replace(html) {
      const held = part.contains(document.activeElement) ? document.activeElement : undefined;
      part.innerHTML = html;
      sameAgain(part, held)?.focus({ preventScroll: true });
      document.dispatchEvent(new CustomEvent("tell", { detail: { words: part.dataset.changed } }));
    },
  });
}

window.follow = follow;
