"""Actions among what needs a person today: what is due within the week or late, and what a host is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select

from tracker.actions.lines import Line, lines, selected
from tracker.actions.models import Action
from tracker.actions.queries import MOST_COUNTED, waits_for
from tracker.actions.states import State
from tracker.organisation.people import Person
from tracker.overview.need import Kind, Need
from tracker.wording import day as day_words

SOON = timedelta(days=7)


def actions_of(person: Person, today: date, most: int) -> Iterator[Need]:
    """Yield what waits for `person`, what is due first on top, at most `most`, in one statement; all are counted up to MOST_COUNTED."""
    asked = and_(
        Action.host_id == person.id,
        or_(Action.state == State.submitted, Action.proposed_on.is_not(None)),
    )
    pressing = or_(asked, Action.due_on <= today + SOON)
    query = Action.visible_to(person).where(waits_for(person), pressing)
    some = query.with_only_columns(Action.id).limit(MOST_COUNTED).subquery()
    among = select(func.count()).select_from(some).scalar_subquery().label("among")
    first = (
        selected(query, person).add_columns(among).order_by(Action.due_on, Action.id).limit(most)
    )
    for line in lines(first, today):
        yield _need(line, person)


def _need(line: Line, person: Person) -> Need:
    who, mark, act = line.who, "warn", _("Answer")
    if line.state == State.submitted:
        why, act = _("Handed in"), _("Accept or return")
    elif line.proposed_on is not None and line.host_id == person.id:
        why = _("Another date is proposed")
    else:
        why, mark, act = (_("Late"), "bad", _("Look at it")) if line.late else (_("Due soon"), "none", _("Look at it"))  # fmt: skip
        who = line.host_name
    url = url_for("actions.show", ref=line.ref)
    return Need(
        what=line.title, ref=line.initiative_ref, url=url, who=who, when=_("due %(day)s", day=day_words(line.due_on, "short")),
        why=why, mark=mark, act=act, act_url=url, kind=Kind.actions, among=line.among,
    )  # fmt: skip
