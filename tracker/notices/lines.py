"""Notices as their reader reads them, in the inbox and in mails alike: what left their scope says nothing any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import select

from tracker import wording
from tracker.activity.telling import company
from tracker.db import db
from tracker.notices.kinds import SENTENCES, UNNAMED, Tell
from tracker.notices.models import Notice
from tracker.notices.subjects import Thing, Things, things_of
from tracker.organisation.handed import Handover
from tracker.organisation.handing_over import duty_name
from tracker.organisation.lookups import namers
from tracker.organisation.people import Person, Role

NAMED = 5  # things that one line names; the rest is counted


@dataclass(frozen=True, slots=True)
class Line:
    """One notice, or one thing of it. `text` is plain; `html` is the same with its names set off. Without either it is no longer
    open to its reader; some kinds say that without a name (`kinds.UNNAMED`)."""

    id: int
    kind: Tell
    at: datetime
    text: str
    html: Markup
    url: str
    duties: tuple[str, ...]
    initiative_id: int | None
    read: bool
    answers: tuple[tuple[str, str], ...] = ()  # of a mail's buttons: (words, path)
    facts: tuple[tuple[str, str], ...] = ()  # of a mail: (name, value)


def lines_of(
    person: Person, notices: Sequence[Notice], *, each_by_itself: bool = False, mailed: bool = False
) -> list[Line]:
    """Return the lines, in the order of the notices; what `person` may not see now is without words.

    With `each_by_itself`, of a notice that asks for something each thing it names has a line of its own. `mailed`: they go
    to `person` and to nobody else, and say what is made for mails.
    """
    things = things_of(person, notices)
    if mailed:
        things = {key: one.mailed() if one.mailed else one for key, one in things.items()}
    names = _names(person, notices)
    duties = _duties(person, notices)
    return [
        _line(person, notice, seen, names, duties)
        for notice in notices
        for seen in _told_of(notice, things, apart=each_by_itself and notice.kind.asks)
    ]


def _told_of(notice: Notice, things: Things, *, apart: bool) -> list[list[Thing]]:
    """Return the things that each line of a notice names."""
    seen = [thing for id_ in notice.ids if (thing := things.get((notice.subject_type, id_)))]
    return [[one] for one in seen] if apart else [seen]


def _line(
    person: Person,
    notice: Notice,
    seen: Sequence[Thing],
    names: Mapping[int, str],
    duties: Mapping[tuple[int, datetime], list[str]],
) -> Line:
    allowed = notice.kind.to_partners or person.role != Role.partner
    text, html = "", Markup()
    if seen and allowed:
        actor = names.get(notice.actor_id or 0) or company()
        day = wording.day(notice.day) if notice.day else ""
        template = str(SENTENCES[notice.kind])
        text = template % {"actor": wording.isolate(actor), "about": _listed(seen), "day": day}
        marked = {"actor": _bold(actor), "about": _linked(seen), "day": day}
        html = Markup(escape(template)) % marked  # noqa: S704 - every part was escaped
    elif allowed and notice.kind in UNNAMED:
        text = UNNAMED[notice.kind](len(notice.ids))
        html = escape(text)
    return Line(
        id=notice.id,
        kind=notice.kind,
        at=notice.at,
        text=text,
        html=html,
        url=seen[0].url if seen and text else "",
        duties=tuple(duties.get((notice.subject_id, notice.at), ())) if text else (),
        initiative_id=notice.initiative_id if person.is_internal else None,
        read=notice.read_at is not None,
        answers=seen[0].answers if text and notice.kind.asks and len(seen) == 1 else (),
        facts=seen[0].facts if text and len(seen) == 1 else (),
    )


def _listed(things: Sequence[Thing]) -> str:
    named = wording.listed(wording.isolate(thing.name) for thing in things[:NAMED])
    return _and_more(named, len(things) - NAMED)


def _linked(things: Sequence[Thing]) -> Markup:
    marked = [
        Markup('<a href="{}"><bdi>{}</bdi></a>').format(thing.url, thing.name)
        if thing.url
        else _bold(thing.name)
        for thing in things[:NAMED]
    ]
    return Markup(_and_more(wording.listed(marked), len(things) - NAMED))  # noqa: S704 - of marked parts


def _and_more(named: str, rest: int) -> str:
    if rest <= 0:
        return named
    return wording.ngettext(
        "%(refs)s and %(num)s more", "%(refs)s and %(num)s more", rest, refs=named
    )


def _bold(text: str) -> Markup:
    return Markup("<b><bdi>{}</bdi></b>").format(text)


def _names(person: Person, notices: Sequence[Notice]) -> Mapping[int, str]:
    """Return who acted, by name: for partners only their own people, our side is the company (rule 20)."""
    ids: Collection[int] = {notice.actor_id for notice in notices if notice.actor_id}
    if not ids:
        return {}
    if not person.is_internal:
        own = select(Person.id, Person.name).where(
            Person.id.in_(ids), Person.partner_id == person.partner_id
        )
        return {row.id: row.name for row in db.session.execute(own)}
    return namers["person"](ids)


def _duties(person: Person, notices: Sequence[Notice]) -> Mapping[tuple[int, datetime], list[str]]:
    """Return what passed to `person`, by whose it was and when."""
    whose = {one.subject_id for one in notices if one.kind == Tell.duties_passed}
    passed: dict[tuple[int, datetime], list[str]] = defaultdict(list)
    if whose:
        query = select(Handover.person_id, Handover.at, Handover.duty, Handover.about).where(
            Handover.heir_id == person.id, Handover.person_id.in_(whose)
        )
        for row in db.session.execute(query.order_by(Handover.id)):
            name = duty_name(row.duty)
            words = _("%(duty)s: %(about)s", duty=name, about=row.about) if row.about else name
            passed[row.person_id, row.at].append(words)
    return passed
