// A board in the browser: cards are dragged and moved by keys, and other people's changes arrive by themselves.
// Everything here only opens the forms that a card's menu links to.

const board = document.querySelector("[data-board]");
const live = document.getElementById("live");

let dragging = false;

const say = (words) => {
  if (live) live.textContent = words;
};

const cards = () => [...board.querySelectorAll("[data-card]")];

function lead(card, column, lane, by) {
  const address = new URL(board.dataset.drop, location.href);
  address.searchParams.set("ref", card.dataset.card);
  address.searchParams.set("column", column);
  address.searchParams.set("by", by);
  address.searchParams.set("lane", lane);
  location.assign(address);
}

function sortable() {
  if (!window.Sortable) return;
  for (const cell of board.querySelectorAll(".cell")) {
    window.Sortable.create(cell, {
      group: "board",
      sort: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      filter: ".menu",
      preventOnFilter: false,
      delay: 150,
      delayOnTouchOnly: true,
      onStart: () => {
        dragging = true;
      },
      onMove: (move) => {
        for (const other of board.querySelectorAll(".cell.over")) other.classList.remove("over");
        move.to.classList.add("over");
      },
      onEnd: (end) => {
        dragging = false;
        for (const other of board.querySelectorAll(".cell.over")) other.classList.remove("over");
        if (end.to === end.from) return;
        const { column, lane, by } = end.to.dataset;
        const card = end.item.querySelector("[data-card]");
        end.from.insertBefore(end.item, end.from.children[end.oldIndex] ?? null);
        lead(card, column, lane, by);
      },
    });
  }
}

// What drags is fetched when a pointer comes near the cards: keys, readers and most phones never need it.
function fetchSortable() {
  const script = document.createElement("script");
  script.src = board.dataset.sortable;
  script.addEventListener("load", sortable);
  document.head.append(script);
}

function busy() {
  return dragging || board.querySelector("details[open]") !== null;
}

function replace(html) {
  const before = new Map(cards().map((card) => [card.id, card.dataset.touches]));
  const held = document.activeElement?.closest("[data-card]")?.id;
  board.innerHTML = html;
  const changed = cards().filter((card) => before.get(card.id) !== card.dataset.touches);
  for (const card of changed) card.classList.add("fresh");
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
  if (changed.length) say(board.dataset.changed.replace("{cards}", changed.map((card) => card.dataset.card).join(", ")));
  sortable();
}

function beside(card, key) {
  const cell = card.closest(".cell");
  const row = [...cell.querySelectorAll("[data-card]")];
  if (key === "ArrowDown" || key === "ArrowUp") {
    const all = cards().filter((other) => other.closest(".cell").dataset.column === cell.dataset.column);
    return all[all.indexOf(card) + (key === "ArrowDown" ? 1 : -1)];
  }
  const towardsEnd = (key === "ArrowRight") === (document.dir !== "rtl");
  const cells = [...cell.parentElement.querySelectorAll(".cell")];
  const place = row.indexOf(card);
  for (let n = cells.indexOf(cell) + (towardsEnd ? 1 : -1); n >= 0 && n < cells.length; n += towardsEnd ? 1 : -1) {
    const there = [...cells[n].querySelectorAll("[data-card]")];
    if (there.length) return there[Math.min(place, there.length - 1)];
  }
  return undefined;
}

function onKey(event) {
  const card = event.target.closest?.("[data-card]");
  if (!card || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, .menu-list")) return;
  if (event.key.startsWith("Arrow")) {
    const other = beside(card, event.key);
    if (other) {
      event.preventDefault();
      other.querySelector("h3 a").focus();
    }
    return;
  }
  if (document.body.dataset.shortcuts === "off") return;
  if (event.key === "m") {
    event.preventDefault();
    const menu = card.querySelector("details.menu");
    menu.open = true;
    menu.querySelector("a")?.focus();
  } else if (event.key === "]" || event.key === "[") {
    event.preventDefault();
    const columns = [...new Set([...board.querySelectorAll(".cell")].map((cell) => cell.dataset.column))];
    const cell = card.closest(".cell");
    const column = columns[columns.indexOf(cell.dataset.column) + (event.key === "]" ? 1 : -1)];
    if (column) lead(card, column, cell.dataset.lane, cell.dataset.by);
  }
}

// Whoever comes back from a form goes on where they left.
function comeBack() {
  document.getElementById(location.hash.slice(1))?.querySelector(".menu > summary")?.focus();
}

if (board) {
  board.addEventListener("pointerover", fetchSortable, { once: true });
  comeBack();
  document.addEventListener("keydown", onKey);
  const mark = board.querySelector("[data-mark]")?.dataset.mark ?? "";
  window.follow(board, { address: board.dataset.cells, mark, busy, replace });
}
