"""What a search of the trail asks for, as it stands in the address, and what it means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from sqlalchemy import or_, select

from tracker.activity.groups import kinds_of
from tracker.activity.keys import FIELDS
from tracker.activity.searching import Asked
from tracker.activity.sentences import BY_ITSELF
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person, plain
from tracker.viewing import zone

NAMESAKES = 8  # people offered where a name fits several
LARGEST = 2**31 - 1
NAMES = ("who", "kind", "group", "about", "from", "to", "number", "request")


@dataclass(frozen=True)
class Filters:
    """The search as it was typed, what it means, and what is wrong with it: words by field."""

    typed: dict[str, str]
    asked: Asked = field(default_factory=Asked)
    wrong: dict[str, str] = field(default_factory=dict)
    namesakes: Sequence[Any] = ()

    @property
    def fits(self) -> bool:
        """Whether it can be searched for."""
        return not self.wrong and not self.namesakes


def asked_for(person: Person) -> Filters:
    """Read the search from the address; `about` may name what `person` may see."""
    typed = {name: request.args.get(name, "").strip()[:254] for name in NAMES}
    found = Filters(typed, Asked(kinds=_kinds(typed), request_id=typed["request"][:64] or None))
    for step in (_who, _about, _span, _number):
        found = step(found, person)
    return found


def _kinds(typed: dict[str, str]) -> Collection[str] | None:
    if typed["kind"] in FIELDS:
        return (typed["kind"],)
    return kinds_of(typed["kind"] or typed["group"])


def _who(found: Filters, _person: Person) -> Filters:
    text = found.typed["who"]
    if not text:
        return found
    if text.casefold() == str(BY_ITSELF).casefold():
        return replace(found, asked=replace(found.asked, actor_id=0))
    people = _people(text)
    if len(people) == 1:
        typed = found.typed | {"who": people[0].name}
        return replace(found, typed=typed, asked=replace(found.asked, actor_id=people[0].id))
    if people:
        return replace(found, namesakes=people)
    return _wrong(found, "who", _("Nobody here is called that."))


def _people(text: str) -> Sequence[Any]:
    """Return the people that `text` names: by number, by address, by the whole name, else by part of it."""
    query = select(Person.id, Person.name, Person.email).order_by(Person.name, Person.id)
    if text.isdecimal():
        return db.session.execute(query.where(Person.id == min(int(text), LARGEST))).all()
    exact = or_(Person.email == plain(text), Person.name == text)
    part = Person.name.icontains(text, autoescape=True)
    return (
        db.session.execute(query.where(exact).limit(NAMESAKES)).all()
        or db.session.execute(query.where(part).limit(NAMESAKES)).all()
    )


def _about(found: Filters, person: Person) -> Filters:
    text = found.typed["about"].upper()
    if not text:
        return found
    ref = Initiative.visible_to(person).with_only_columns(Initiative.id)
    id_ = db.session.scalar(ref.where(Initiative.ref == text))
    if id_ is None:
        return _wrong(found, "about", _("There is no initiative with that number."))
    return replace(found, asked=replace(found.asked, initiative_id=id_))


def _span(found: Filters, _person: Person) -> Filters:
    since, until = _day(found.typed["from"]), _day(found.typed["to"])
    for name, day in (("from", since), ("to", until)):
        if found.typed[name] and day is None:
            found = _wrong(found, name, _("Write a day as 2026-03-31."))
    if since and until and until < since:
        found = _wrong(found, "to", _("The last day lies before the first."))
    first = _begin(since) if since else None
    after = _begin(until + timedelta(days=1)) if until else None
    return replace(found, asked=replace(found.asked, since=first, until=after))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None


def _begin(day: date) -> datetime:
    """The moment at which a day begins for whoever looks."""
    return datetime.combine(day, time.min, ZoneInfo(zone()))


def _number(found: Filters, _person: Person) -> Filters:
    text = found.typed["number"].removeprefix("#")
    if not text:
        return found
    if not text.isdecimal() or int(text) > LARGEST:
        return _wrong(found, "number", _("The number of an event has digits only."))
    return replace(found, asked=replace(found.asked, number=int(text)))


def _wrong(found: Filters, name: str, words: str) -> Filters:
    return replace(found, wrong=found.wrong | {name: words})
