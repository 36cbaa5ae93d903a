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
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from werkzeug.wrappers import Request

from tracker.boards.filters import Filters
from tracker.boards.fingerprint import cards, counts, saved, viewer_and_board
from tracker.boards.prepared import Prepared, Reader, Row, roomy
from tracker.boards.pulse import Pulse
from tracker.boards.viewers import About, Viewed
from tracker.clock import local_day
from tracker.organisation.seen import EVERY
from tracker.organisation.sign_ins import Limits
from tracker.viewing import LANGUAGES


class Asked:
    """What a browser asks again and again: a board, as the person of a session. Remembers how it looked the last time."""

    __slots__ = ("counts", "given", "last", "question", "session", "slug", "text", "wanted")

    def __init__(
        self, slug: str, text: str, session: tuple[int, str], wanted: str, *, counts: bool
    ) -> None:
        self.slug = slug
        self.text = text  # the query string
        self.session = session  # the person, and the hash of the key that the browser holds
        self.wanted = wanted  # the language of a browser whose person has chosen none
        self.counts = counts  # whether those of the navigation are wanted too
        self.question: _Question | None = None
        self.given: list[Any] = []
        self.last: _Last | None = None


class _Last(NamedTuple):
    """How a board looked, what that was made from, from when until when it holds, and the pulse that was felt before."""

    row: Row
    begins: datetime
    ends: datetime
    viewed: Viewed
    felt: Hashable


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

    def __init__(self, reader: Reader, pulse: Pulse, limits: Limits) -> None:
        self._reader = reader
        self._pulse = pulse
        self._limits = limits
        self._viewer, self._counts, self._saved = (
            Prepared(statement, self._reader.dialect)
            for statement in (viewer_and_board(), counts(), saved())
        )
        self.forget()

    def forget(self) -> None:
        """Forget what was read, as if the application had just started."""
        self._questions: dict[tuple[str, str], _Question] = {}
        self._internal: dict[int, bool] = {}  # who was found to be no partner's contact
        self._counted: dict[int, tuple[str, Row]] = {}

    def look(self, asked: Asked, now: datetime) -> Viewed | None:
        """Return the board as the person of the session sees it at `now`; None when the long road has to say.

        That is when the session ended, the person is a partner's contact, or no such board is theirs to see; and when the
        visit has to be noted: a poll is none. Raises `error`.
        """
        question = asked.question or self._begin(asked)
        if question is None:
            return None
        felt = self._pulse.felt()
        row, last = self._reader.first(self._viewer, asked.given), asked.last
        if last is not None and row == last.row and last.begins <= now < last.ends:
            asked.last = last._replace(felt=felt)
            return last.viewed
        return self._anew(asked, question, row, now, felt)

    def still(self, asked: Asked, now: datetime, *, asks: bool = True) -> Viewed | None:
        """Return how the board looked the last time, if nothing can have changed since; None when one has to `look`, or
        where that is not known without asking and it `asks` nothing.

        It may be a moment behind what other processes commit (see `Pulse`), so it is for saying that nothing is new.
        """
        last = asked.last
        if last is None or last.felt is None or not last.begins <= now < last.ends:
            return None
        felt = self._pulse.felt() if asks else self._pulse.recent()
        return last.viewed if last.felt == felt else None

    def _begin(self, asked: Asked) -> _Question | None:
        """Return what an address asks. A contact is told of no board, nor by how long it takes: for them none is looked up."""
        name, (person, key) = (asked.slug, asked.text), asked.session
        question = self._questions.get(name) if person in self._internal else None
        if question is None:
            found = self._first(self._saved, slug=asked.slug, person=person)
            if not found:
                return None
            roomy(self._internal)[person] = True
            question = self._questions.get(name)
        if question is None:
            question = roomy(self._questions)[name] = self._prepare(found, asked.text)
        asked.given = self._viewer.given(person=person, key_hash=key, board=question.board_id)
        asked.question = question
        return question

    def _prepare(self, found: Row, text: str) -> _Question:
        filters = Filters.from_mapping(json.loads(found[2])).narrowed(
            Filters.from_mapping(Request({"QUERY_STRING": text}).args)
        )
        statement = Prepared(cards(filters), self._reader.dialect)
        return _Question(int(found[0]), (int(found[1]), found[3]), statement)

    def _anew(
        self, asked: Asked, question: _Question, row: Row | None, now: datetime, felt: Hashable
    ) -> Viewed | None:
        """Make the fingerprint, and remember for one minute what it was made from: every day begins with a minute."""
        person_id = asked.session[0]
        times, read = self._reader.read((row or ())[:3]), self._reader.read((row or ())[3:])
        if not read or (int(read[0]), read[-1]) != question.saved:
            self._questions.pop((asked.slug, asked.text), None)
            self._internal.pop(person_id, None)  # and the person no longer internal
            asked.question = asked.last = None  # the saved board may be another by now
            return None
        until = self._until(times[:2], noted=asked.counts)
        if until <= now or _is_out(times[2], local_day(now, read[3])):
            return None
        head, unread = str(read[1]), read[2]
        home, own, language = read[3], read[4], read[5]
        days = (local_day(now, home), local_day(now, own or home))
        known = language in LANGUAGES
        around = (read[0], read[3:], days, None if known else asked.wanted)
        shown = self._shown(question, head)
        parts = (person_id, around, shown)
        viewed = Viewed(
            person_id,
            mark=hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest(),
            person=About(str(read[-3]), str(read[-2]), days[0]),
            around=around,
            reads=(language if known else f" {asked.wanted}", *read[7:9], own or home),
            ground=(read[0], read[-2], read[-1], days),
            shown=shown,
            counts=(unread, *self._counts_of(person_id, head)) if asked.counts else (),
        )
        minute = now.replace(second=0, microsecond=0)
        ends = min(minute + timedelta(minutes=1), until)
        asked.last = _Last(row or (), minute, ends, viewed, felt)
        return viewed

    def _until(self, times: Row, *, noted: bool) -> datetime:
        """Return until when a sign-in holds, and where visits are `noted` until when this one is."""
        begun, seen = (_moment(each) for each in times)
        end = self._limits.end(begun, seen)
        return min(end, seen + EVERY) if noted else end

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


def _is_out(ends_on: str | None, today: date) -> bool:
    """Tell whether access has ended by itself, from its day as either database casts it to text."""
    return ends_on is not None and date.fromisoformat(ends_on) <= today


def _moment(text: str) -> datetime:
    """Return a moment as either database casts it to text."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
