"""Turns stored events into lines for people: sentence, words, and what changed to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from tracker import wording
from tracker.activity.keys import FIELDS
from tracker.activity.labels import labels
from tracker.activity.naming import Called, Named, named_together
from tracker.activity.partner_sentences import COMPANY, PARTNER_FIELDS, PARTNER_SENTENCES
from tracker.activity.refers import REFERS
from tracker.activity.sentences import (
    BY_ITSELF,
    OF_ONESELF,
    SENTENCES,
    UNKNOWN,
    addresses,
    namers,
    unfolding,
    wordings,
)

Names = Mapping[str, Mapping[int, str]]
DATES = frozenset({"needed_by", "decide_by", "as_of", "until"})
MONEY = frozenset({"budget", "spent", "cost", "planned", "forecast", "realised"})
NOTHING = "–"
URLS = "addresses of initiatives"  # stands among the types of things
LONGEST = 240  # characters of an edited text that a line shows; the page of the thing shows it all


@dataclass(frozen=True, slots=True)
class Change:
    """One declared field, or one text, that an event changed."""

    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Line:
    """One event, ready for a template. `actor` is empty when the application acted by itself."""

    id: int
    at: datetime
    kind: str
    actor: str
    on_behalf_of: str
    sentence: Markup
    words: str
    changes: tuple[Change, ...]
    initiative_id: int | None
    place: str
    url: str


def names_of(events: Iterable[Any], here: tuple[str, int] | None = None) -> Names:
    """Every name that the sentences of `events` need: one query at most for all that are `Named`.

    `here` is the thing whose page shows them: its name leads nowhere.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        wanted["person"] |= {event.actor_id, event.on_behalf_of_id}
        wanted["initiative"].add(event.initiative_id)
        wanted[event.subject_type].add(event.subject_id)
        for part in (event.before, event.after):
            for key, value in (part or {}).items():
                if key in REFERS:
                    wanted[REFERS[key]] |= set(value) if isinstance(value, list) else {value}
    asked = {kind: ids - {None} for kind, ids in wanted.items() if kind in namers and ids - {None}}
    columns = {kind: namer for kind in asked if isinstance(namer := namers[kind], Named)}
    together = named_together({namer: asked[kind] for kind, namer in columns.items()})
    names: dict[str, Mapping[int, str]] = {
        kind: together[columns[kind]] if kind in columns else namers[kind](ids)
        for kind, ids in asked.items()
    }
    if here and here[1] in names.get(here[0], {}):
        names[here[0]] = {**names[here[0]], here[1]: str(names[here[0]][here[1]])}
    if "initiative" in addresses:
        named = names.get("initiative", {})
        names[URLS] = {id_: addresses["initiative"](name) for id_, name in named.items()}
    return names


def sentence(event: Any, names: Names) -> Markup:
    """The sentence of `event` in the language of whoever looks; names in it are escaped."""
    template = SENTENCES.get(event.kind)
    if template is None:  # recorded by a newer version of the application
        return Markup.escape(event.kind)
    key, own = OF_ONESELF.get(event.kind, (None, template))
    if key and event.actor_id and (event.after or {}).get(key) == event.actor_id:
        template = own
    return Markup(str(template)) % _Values(event, names, _actor(event, names))  # noqa: S704


def sentence_for_partner(event: Any, names: Names, own: frozenset[int]) -> Markup:
    """The sentence as a partner reads it (rule 20): its own contacts, `own`, by name; our side as
    the company; no field that is not on the list. KeyError for a kind that is not on the list."""
    actor = _actor(event, names) if event.actor_id in own else company()
    values = _Values(event, {}, actor, PARTNER_FIELDS)
    return Markup(str(PARTNER_SENTENCES[event.kind])) % values  # noqa: S704


def company() -> str:
    """Our side's name, as partners read it."""
    known = namers["organisation"]([1]) if "organisation" in namers else {}
    return known.get(1) or str(COMPANY)


def line(event: Any, names: Names) -> Line:
    """`event` as internal people read it."""
    return Line(
        id=event.id,
        at=event.at,
        kind=event.kind,
        actor=_actor(event, names) if event.actor_id else "",
        on_behalf_of=_name("person", event.on_behalf_of_id, names) if event.on_behalf_of_id else "",
        sentence=sentence(event, names),
        words=(event.private or {}).get("words") or "",
        changes=tuple(_changes(event, names)),
        initiative_id=event.initiative_id,
        place=names.get("initiative", {}).get(event.initiative_id, ""),
        url=names.get(URLS, {}).get(event.initiative_id, ""),
    )


def line_for_partner(event: Any, names: Names, own: frozenset[int], *, told: bool = False) -> Line:
    """`event` as a partner reads it: words those of its own contacts, ours where it was `told` them; no place, no changes."""
    theirs = event.actor_id in own
    return Line(
        id=event.id,
        at=event.at,
        kind=event.kind,
        actor=_actor(event, names) if theirs else company(),
        on_behalf_of="",
        sentence=sentence_for_partner(event, names, own),
        words=((event.private or {}).get("words") or "") if theirs or told else "",
        changes=(),
        initiative_id=None,
        place="",
        url="",
    )


class _Values(dict[str, Any]):
    """The placeholders of a sentence, looked up when the sentence asks for them."""

    def __init__(
        self, event: Any, names: Names, actor: str, allowed: frozenset[str] | None = None
    ) -> None:
        super().__init__(actor=_marked(actor))
        self.event, self.names, self.allowed = event, names, allowed

    def __missing__(self, placeholder: str) -> Markup:
        event = self.event
        if placeholder == "subject" and self.allowed is None:
            return _marked(_name(event.subject_type, event.subject_id, self.names))
        part = event.before if placeholder.startswith("was_") else event.after
        key = placeholder.removeprefix("was_")
        key = key if key in FIELDS[event.kind] else f"{key}_id"
        if self.allowed is not None and key not in self.allowed:
            return _marked("…")
        value = (part or {}).get(key)
        if value is None and part is not event.before:
            value = (event.before or {}).get(key)  # a fact that ended stands in `before` alone
        return _marked(shown(key, value, self.names))


def shown(key: str, value: Any, names: Names) -> str:
    """The value of a declared key in the words, digits and calendar of whoever looks."""
    if isinstance(value, list):
        return format_list([shown(key, item, names) for item in value], locale=get_locale() or "en")
    if key in REFERS:
        return _name(REFERS[key], value, names)
    if value is None:
        return NOTHING
    if key in wordings:
        return str(wordings[key](value))
    if key in MONEY:
        return wording.money(Decimal(str(value)), cents=True)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return wording.number(value)
    if key in DATES or key.endswith("_on"):
        return wording.day(date.fromisoformat(value))
    return str(value)


def _changes(event: Any, names: Names) -> Iterator[Change]:
    before, after = event.before or {}, event.after or {}
    for key, was in before.items():
        if key in unfolding and key in after:
            yield from (Change(*told) for told in unfolding[key](was, after[key]))
        elif key in labels and key in after and was != after[key]:
            yield Change(str(labels[key]), _told(key, was, names), _told(key, after[key], names))
    private = event.private or {}
    was_texts, now_texts = private.get("was") or {}, private.get("now") or {}
    for field in now_texts:
        if field in labels and was_texts.get(field) != now_texts[field]:
            was_text, now_text = _shortened(was_texts.get(field)), _shortened(now_texts[field])
            yield Change(str(labels[field]), was_text, now_text)


def _told(key: str, value: Any, names: Names) -> str:
    return NOTHING if value in (None, [], "") else shown(key, value, names)


def _shortened(text: Any) -> str:
    text = str(text or NOTHING)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _actor(event: Any, names: Names) -> str:
    return _name("person", event.actor_id, names) if event.actor_id else str(BY_ITSELF)


def _name(kind: str, identity: Any, names: Names) -> str:
    known = names.get(kind, {}).get(identity)
    return known or str(UNKNOWN.get(kind, "…"))


def _marked(text: str) -> Markup:
    """A name or value set off from the sentence, keeping its own direction; a name that has a page leads there."""
    if isinstance(text, Called):
        return Markup('<a class="named" href="{}"><bdi>{}</bdi></a>').format(text.url, text)
    return Markup("<b><bdi>{}</bdi></b>").format(text)
