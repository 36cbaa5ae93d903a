"""Whether a board looks as it did, for the person of a session: told by one statement that looks up four rows by key.

A board's fingerprint is made of what its cards show (when one last changed, which and how many there are, and how often
they were touched, so that two writes that overlap cannot hide each other), the organisation's epoch, the saved board's
version, the viewer's tastes, and the day. What the cards show is counted again only after the trail has grown: whatever
changes a card leaves an event in the same transaction, and the head of the chain is that transaction's last lock.

A fingerprint is read before anything else of an answer. What is rendered under it may be newer than it says, never older;
then it is asked for once more.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, cast, func, select, true
from werkzeug.wrappers import Request

from tracker.activity.models import ChainHead
from tracker.blockers.silos import SiloPair
from tracker.boards.filters import Filters
from tracker.boards.models import Board
from tracker.boards.prepared import Prepared, Reader, Row, roomy
from tracker.boards.statement import Somebody
from tracker.boards.viewers import About, Viewed
from tracker.clock import local_day
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation
from tracker.viewing import LANGUAGES

# What the navigation counts, by endpoint, as the rooms below do: it stands on the page, and changes without the board.
COUNTS: dict[str, Any] = {
    "initiatives.sponsorships": select(func.count())
    .where(Initiative.proposed_sponsor_id == Somebody.id)
    .scalar_subquery(),
    "blockers.index": select(func.coalesce(func.sum(SiloPair.open_count), 0)).scalar_subquery(),
}
TASTES = ("time_zone", "language", "theme", "day_calendar", "digits", "shortcuts", "version")
SAVED = cast(Board.created_at, String).label("saved")
HEAD = func.coalesce(select(ChainHead.count).scalar_subquery(), 0).label("head")


class Asked:
    """What a browser asks again and again: a board, as the person of a session. Remembers how it looked the last time."""

    __slots__ = ("counts", "given", "last", "question", "session", "slug", "text", "wanted")

    def __init__(
        self, slug: str, text: str, session: tuple[int, int], wanted: str, *, counts: bool
    ) -> None:
        self.slug = slug
        self.text = text  # the query string
        self.session = session  # the person and the epoch
        self.wanted = wanted  # the language of a browser whose person has chosen none
        self.counts = counts  # whether those of the navigation are wanted too
        self.question: _Question | None = None
        self.given: list[Any] = []
        self.last: tuple[Row, datetime, datetime, Viewed] | None = (
            None  # what it was made from, and until when it holds
        )


@dataclass(slots=True)
class _Question:
    """One address: the saved board, what it filters by together with the query string, and what was there last."""

    board_id: int
    saved: tuple[
        int, str
    ]  # its version, and when it was first saved: another may get the same id and address
    cards: Prepared
    shown: tuple[str, Row] | None = None  # the head of the chain, and what the cards showed then


class Watch:
    """Reads fingerprints; one for each application."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._viewer, self._counts, self._saved = (
            Prepared(statement, self._reader.dialect)
            for statement in (viewer_and_board(), counts(), saved())
        )
        self.forget()

    def forget(self) -> None:
        """Forget what was read, as if the application had just started."""
        self._questions: dict[tuple[str, str], _Question] = {}
        self._counted: dict[int, tuple[str, Row]] = {}

    def look(self, asked: Asked, now: datetime) -> Viewed | None:
        """Return the board as the person of the session sees it at `now`; None when the long road has to say.

        That is when the session ended, the person is a partner's contact, or no such board is theirs to see. Raises `error`.
        """
        question = asked.question or self._begin(asked)
        if question is None:
            return None
        row, last = self._reader.first(self._viewer, asked.given), asked.last
        if last is not None and row == last[0] and last[1] <= now < last[2]:
            return last[3]
        return self._anew(asked, question, row, now)

    def _begin(self, asked: Asked) -> _Question | None:
        name = (asked.slug, asked.text)
        question = self._questions.get(name)
        if question is None:
            found = self._first(self._saved, slug=asked.slug)
            if not found:
                return None
            question = roomy(self._questions)[name] = self._prepare(found, asked.text)
        asked.given = self._viewer.given(person=asked.session[0], board=question.board_id)
        asked.question = question
        return question

    def _prepare(self, found: Row, text: str) -> _Question:
        filters = Filters.from_mapping(json.loads(found[2])).narrowed(
            Filters.from_mapping(Request({"QUERY_STRING": text}).args)
        )
        statement = Prepared(cards(filters), self._reader.dialect)
        return _Question(int(found[0]), (int(found[1]), found[3]), statement)

    def _anew(
        self, asked: Asked, question: _Question, row: Row | None, now: datetime
    ) -> Viewed | None:
        """Make the fingerprint, and remember for one minute what it was made from: every day begins with a minute."""
        person_id, epoch = asked.session
        read = self._reader.read(row or ())
        if not read or (int(read[0]), (int(read[1]), read[-1])) != (epoch, question.saved):
            self._questions.pop((asked.slug, asked.text), None)
            asked.question = asked.last = None  # the saved board may be another by now
            return None
        head, home, own, language = str(read[2]), read[3], read[4], read[5]
        days = (local_day(now, home), local_day(now, own or home))
        known = language in LANGUAGES
        around = (read[1], read[3:], days, None if known else asked.wanted)
        shown = self._shown(question, head)
        parts = (person_id, around, shown)
        viewed = Viewed(
            person_id,
            mark=hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest(),
            person=About(str(read[-3]), str(read[-2]), days[0]),
            around=around,
            reads=(language if known else f" {asked.wanted}", read[8], own or home),
            ground=(read[1], read[-2], read[-1], days),
            shown=shown,
            counts=self._counts_of(person_id, head) if asked.counts else (),
        )
        minute = now.replace(second=0, microsecond=0)
        asked.last = (row or (), minute, minute + timedelta(minutes=1), viewed)
        return viewed

    def _shown(self, question: _Question, head: str) -> Row:
        """Return what the cards show; nothing is counted while the trail has not grown."""
        kept = question.shown
        if kept is None or kept[0] != head:
            row = self._first(question.cards)
            kept = question.shown = (str(row[0]), row[1:])
        return kept[1]

    def _counts_of(self, person_id: int, head: str) -> Row:
        kept = self._counted.get(person_id)
        if kept is None or kept[0] != head:
            row = self._first(self._counts, person=person_id)
            kept = roomy(self._counted)[person_id] = (str(row[0]), row[1:])
        return kept[1]

    def _first(self, prepared: Prepared, **values: Any) -> Row:
        return self._reader.read(self._reader.first(prepared, prepared.given(**values)) or ())


def saved() -> Select[*tuple[Any, ...]]:
    """Return the statement for the board at the address `slug`: id, version, filters."""
    slug = bindparam("slug", type_=String)
    return select(Board.id, Board.version, Board.filters_json, SAVED).where(Board.slug == slug)


def viewer_and_board() -> Select[Any]:
    """Return the one statement: `person` and `board` with everything but the cards, or no row where it is not theirs to see.

    First the epoch of the session, the version of the board and the head of the chain; what follows is the fingerprint's.
    """
    person, organisation = Person.__table__.c, Organisation.__table__.c
    number = bindparam("board", type_=Integer)
    board = (
        Board.visible_to(Somebody)
        .with_only_columns(Board.version, SAVED)
        .where(Board.id == number)
        .subquery()
    )
    return (
        select(
            person.epoch,
            board.c.version.label("board_version"),
            HEAD,
            organisation.time_zone.label("zone"),
            *(person[name] for name in TASTES),
            organisation.epoch.label("organisation_epoch"),
            board.c.saved,
        )
        .select_from(Person.__table__)
        .join(Organisation.__table__, organisation.id == 1)
        .join(board, true())
        .where(person.id == Somebody.id, person.ended_at.is_(None), person.role != Role.partner)
    )


def cards(filters: Filters) -> Select[Any]:
    """Return the statement for what the cards of a board show: the head of the chain first, all at one moment."""
    shown = (
        Initiative.visible_to(Somebody)
        .with_only_columns(
            cast(func.max(Initiative.changed), String).label("changed"),
            func.count().label("n"),
            func.sum(Initiative.touches).label("touches"),
            func.sum(Initiative.id).label("which"),
        )
        .where(*filters.conditions())
        .subquery()
    )
    return select(HEAD, *shown.c)


def counts() -> Select[*tuple[Any, ...]]:
    """Return the statement for what the navigation counts for `person`: the head of the chain first."""
    return select(HEAD, *(count.label(f"count_{n}") for n, count in enumerate(COUNTS.values())))
