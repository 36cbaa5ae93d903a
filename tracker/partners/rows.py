"""The rows behind a figure: what counted, on which day, and how.

A partner's contact reads the names of what it may see alone; what is not with it any more, or a colleague's, stays a row
without one, so that rows and figure agree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.blockers.holders import Holder
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.partners.cards import Card
from tracker.partners.figure_kinds import FigureKind
from tracker.partners.figures import Figure
from tracker.partners.going import late_actions
from tracker.partners.reasons import Reason, reasons_accepted, reasons_late
from tracker.partners.scoring import ROWS
from tracker.partners.turns import open_turns
from tracker.wording import working_days


@dataclass(frozen=True)
class Row:
    """One row. `title`, `url` and `place` are None where whoever looks may not see the thing; `day` is None while it goes on."""

    day: date | None
    words: str
    mark: str
    title: str | None
    url: str | None
    place: str | None
    reason: Reason | None = None  # of what is in time or late, where its name may be read


def rows_of(
    figure: Figure, card: Card, person: Person, today: date, *, limit: int, offset: int
) -> list[Row]:
    """Return the rows behind a figure of `card`, what goes on and the newest on top, as `person` may read them."""
    kind = figure.kind
    if kind.is_now:
        return _late(card, person, today, limit=limit, offset=offset)
    going: list[Any] = []
    if kind.turns and card.days is not None:
        open_now = open_turns(kind.turns, card.partner.id)
        going = list(db.session.execute(open_now.limit(limit).offset(offset)))
        offset = 0 if going or not offset else offset - _count(open_now)
    kept = _kept(kind, card, limit - len(going), offset)
    told = [
        *(_of_turn(row, card.days, today) for row in going),
        *((row, _words(figure, row)) for row in kept),
    ]
    names = _names({row.action_id for row, _told in told}, {row.blocker_id for row, _told in told}, person)  # fmt: skip
    reasons = {}
    if kind.has_reasons:
        reasons = reasons_accepted([id_ for id_, _blocker in names if id_], card.partner)
    found = []
    for row, counts in told:
        reason, words = reasons.get(row.action_id), counts
        if reason and row.in_time and not reason.is_by_day:
            words = _not_counted(figure.company), "ok"
        name = names.get((row.action_id, row.blocker_id), (None, None, None))
        found.append(Row(row.day, *words, *name, reason))
    return found


def _count(query: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _kept(kind: FigureKind, card: Card, limit: int, offset: int) -> Sequence[Any]:
    if limit <= 0:
        return []
    blocker = select(BlockerHolding.blocker_id).where(BlockerHolding.id == ROWS.c.holding_id)
    query = select(ROWS, blocker.scalar_subquery().label("blocker_id")).where(
        ROWS.c.partner_id == card.partner.id,
        ROWS.c.quarter == card.quarter.number,
        ROWS.c.measure.in_(kind.measures),
    )
    query = query.order_by(ROWS.c.day.desc(), ROWS.c.id.desc()).limit(limit).offset(offset)
    return db.session.execute(query).all()


def _of_turn(turn: Any, days: Any, today: date) -> tuple[Any, tuple[str, str]]:
    """Return a turn that goes on with its working days up to today, by its holder's calendar."""
    so_far = days.of_holder(Holder.of(turn)).between(turn.starts, today)
    return turn, (_("%(days)s so far", days=working_days(so_far)), "warn")


def _not_counted(company: str | None) -> str:
    if company is None:
        return _("in time: on hold, or waiting for us")
    return _("in time: on hold, or waiting for %(company)s", company=company)


def _words(figure: Figure, row: Any) -> tuple[str, str]:
    """Return how a row counts, in words, and the mark beside them."""
    code, company = figure.code, figure.company
    if code == "on-time":
        return (_("in time"), "ok") if row.in_time else (_("late"), "bad")
    if code == "first-time":
        return (_("first time"), "ok") if row.first_time else (_("after a return"), "warn")
    if code == "returned":
        return _("returned"), "warn"
    if code == "dates":
        if not row.by_us:
            return _("proposed by the partner"), "none"
        return _("set by %(company)s", company=company) if company else _("set by us"), "none"
    return working_days(row.days), "none"


def _late(card: Card, person: Person, today: date, *, limit: int, offset: int) -> list[Row]:
    query = select(Action.id, Action.last_on).where(
        Action.partner_id == card.partner.id, late_actions(today)
    )
    query = query.order_by(Action.last_on, Action.id).limit(limit).offset(offset)
    rows = db.session.execute(query).all()
    names = _names({row.id for row in rows}, set(), person)
    reasons = reasons_late([id_ for id_, _blocker in names if id_], card.partner)
    return [
        Row(
            *(row.last_on, _("late"), "bad"),
            *names.get((row.id, None), (None, None, None)),
            reasons.get(row.id),
        )
        for row in rows
    ]


def _names(
    actions: Collection[int | None], blockers: Collection[int | None], person: Person
) -> dict[tuple[int | None, int | None], tuple[str, str, str]]:
    """Return title, address and initiative of those that `person` may see, by (action, blocker), in one statement each.

    A contact reads the initiative of its partner's actions alone: a blocker says nothing of what it stands in (rule 20).
    """
    found = {}
    for model, ids in ((Action, actions), (Blocker, blockers)):
        wanted = sorted(id_ for id_ in ids if id_ is not None)
        if not wanted:
            continue
        seen = model.visible_to(person).where(model.id.in_(wanted))
        place = seen.with_only_columns(model.id, model.ref, model.title, Initiative.ref, Initiative.title)  # fmt: skip
        for id_, ref, title, initiative_ref, initiative_title in db.session.execute(
            place.join(Initiative, Initiative.id == model.initiative_id)
        ):
            key = (id_, None) if model is Action else (None, id_)
            url = page_of(ref, person) if model is Action else url_for("blockers.show", ref=ref)
            told = model is Action or person.is_internal
            found[key] = (title, url, f"{initiative_ref} {initiative_title}" if told else "")
    return found
