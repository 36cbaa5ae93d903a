"""Who looks at a board, as far as the policy asks: read by one statement, and known until the person or the organisation changes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, bindparam, cast, select

from tracker.boards.asjson import apart, together
from tracker.boards.kept import Kept
from tracker.boards.prepared import MOST, Prepared, Reader, Row
from tracker.organisation.duties import Duties, duties_from, held_by
from tracker.organisation.people import Person


class About(NamedTuple):
    """When what somebody may do has to be read anew."""

    version: str
    epoch: str  # of the organisation
    day: date  # by its time zone


@dataclass(frozen=True, slots=True)
class Viewed:
    """A board as the person of a session may see it at this moment."""

    person_id: int
    mark: str  # changes when the board would look different to this viewer
    person: About  # changes with the viewer's rights
    around: Hashable  # all of the mark but what the cards show
    reads: tuple[
        str, str, str, str
    ]  # language, or what the browser wants; calendar of days; digits; time zone
    ground: Hashable  # what a drawing rests on, whoever reads it in the same way
    shown: Row  # changes with what the cards show
    counts: Row = ()  # what stands at the side of its page, in the order of COUNTS; nothing for a poll

    @property
    def tag(self) -> str:
        """The mark as an ETag."""
        return f'"{self.mark}"'


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks; it stays when the request is over. Those who are equal may do the same."""

    id: int
    role: str
    is_admin: bool
    duties: Duties

    @classmethod
    def of(cls, person: Any) -> Viewer:
        """Return what holds of `person` now; deputyships and heads included."""
        return cls(person.id, str(person.role), person.is_admin, person.duties)


class Viewers:
    """Reads viewers without a request; one for each application."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._question = Prepared(standing(), reader.dialect)
        self._kept: Kept[Viewer] = Kept(MOST)

    def of(self, viewed: Viewed) -> Viewer:
        """Return the person of a session as of what was `viewed`. Raises the reader's `error`."""
        id_, about = viewed.person_id, viewed.person
        return self._kept.made(id_, about, lambda: self._read(id_, about.day))

    def forget(self) -> None:
        """Forget everybody."""
        self._kept.clear()

    def _read(self, id_: int, day: date) -> Viewer:
        asked = self._question.given(person=id_, day=day.isoformat())
        role, is_admin, held = self._reader.read(self._reader.first(self._question, asked) or ())
        rows = [
            SimpleNamespace(duty=duty, about_id=about, starts=None, ends=None)
            for duty, about in apart(held)
        ]
        return Viewer(id_, role, bool(int(is_admin)), duties_from(rows, role, day))


def standing() -> Select[*tuple[Any, ...]]:
    """Return the statement for what `person` stands for on `day`: role, whether administrator, duties as (duty, about whom)."""
    person, day = bindparam("person", type_=Integer), bindparam("day", type_=Date)
    held = held_by(person, day, day).subquery().c
    duties: Any = select(held.duty, held.about_id)
    return select(Person.role, cast(Person.is_admin, Integer), together(duties)).where(
        Person.id == person
    )
