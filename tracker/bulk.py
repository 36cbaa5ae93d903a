"""Acts on several things at once: the same rules, row by row; those that refuse say why (one transaction)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.acts import May
from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.forms import Form
from tracker.meeting import mark
from tracker.organisation.people import Person
from tracker.policy import may
from tracker.wording import isolate, listed, ngettext

Do = Callable[[Any, Any, Any, Person, datetime], None]


@dataclass(frozen=True)
class BulkAct:
    """One act: what it is called, who may, what it asks, whom or what it is about (looked up once), the verb, and what of a
    row it takes the place of."""

    words: Any
    heading: Any
    icon: str
    may: May
    form: type[Form]
    about: Callable[[Any], Any]
    do: Do
    replaces: Callable[[Any], Any] = lambda _row: 0

    def seen(self, row: Any) -> str:
        """Return what the form carries of `row`: its id, and a checksum of what stands there."""
        return f"{row.id}.{mark(self.replaces(row))}"


@dataclass(frozen=True)
class Many:
    """How the things of a room are called: their list, nothing ticked in it, and so many that are chosen or changed.

    `numbered` are those that people know by their number; the others stand in a sentence by their title.
    """

    room: str
    words: Any
    none: Any
    chosen: Callable[[int], str]
    changed: Callable[[int], str]
    numbered: bool = False

    def named(self, thing: Any) -> str:
        """Return the name of one as it stands in a sentence."""
        return thing.ref if self.numbered else isolate(thing.title)

    def url(self, thing: Any) -> str:
        """Return where the page of one is."""
        return url_for(f"{self.room}.show", ref=thing.ref)


@dataclass
class Outcome:
    """What came of it: the things that were changed, and those that were not with the reason."""

    done: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)

    def attempt(self, thing: Any, do: Callable[[], None]) -> None:
        """Do something to `thing`; where it refuses, it is left as it was and the reason kept."""
        try:
            do()
        except NotNow as refusal:
            self.refused.append((thing, refusal.words))
        else:
            self.done.append(thing)

    def said(self, many: Many) -> str:
        """Return in a sentence how many were changed, and in another how many were not."""
        words, refused = many.changed(len(self.done)), len(self.refused)
        if not refused:
            return words
        left = ngettext("%(num)s is left as it was.", "%(num)s are left as they were.", refused)
        return _("%(done)s %(left)s", done=words, left=left)

    def refusals(self, many: Many) -> str:
        """Return every reason once, with the names it is about: for where nothing was changed at all."""
        reasons: dict[str, list[str]] = {}
        for thing, words in self.refused:
            reasons.setdefault(words, []).append(many.named(thing))
        return " ".join(
            words if names[0] in words else _("%(refs)s: %(reason)s", refs=listed(names), reason=words)
            for words, names in reasons.items()
        )  # fmt: skip


def locked(model: Any, person: Person, ids: Sequence[int]) -> list[Any]:
    """Return those of `ids` that `person` sees, as they stand now, locked in ascending order. Raises `Missing` for none."""
    query = model.visible_to(person).where(model.id.in_(ids)).order_by(model.id)
    query = query.with_for_update(of=model).execution_options(populate_existing=True)
    found = db.session.scalars(query).all()
    if not found:
        raise Missing
    return list(found)


def carry_out(
    act: BulkAct,
    many: Many,
    form: Any,
    things: Iterable[Any],
    *,
    by: Person,
    now: datetime,
    seen: Iterable[str] = (),
) -> Outcome:
    """Do `act` on each of `things`; one that its verb or the policy refuses is left as it was.

    So is one that `seen`, what the form carried of each, shows to have changed since.
    """
    outcome, about = Outcome(), act.about(form)
    known = dict(one.split(".", 1) for one in seen if "." in one)

    def do(thing: Any) -> None:
        if not may(by, act.may, thing):
            raise NotNow(_("This is not yours to do."))
        present = act.seen(thing).split(".")[1]
        if known.get(str(thing.id), present) != present:
            raise NotNow(
                _("Somebody else changed %(ref)s meanwhile. Look at it again before you change it.", ref=many.named(thing))
            )  # fmt: skip
        act.do(thing, about, form, by, now)

    for thing in things:
        outcome.attempt(thing, lambda one=thing: do(one))
    return outcome
