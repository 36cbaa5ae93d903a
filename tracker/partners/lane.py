"""What a partner's contact finds in the lane: actions by when they are due, and what waits for our side."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import literal_column, or_, select, union_all

from tracker.actions.lines import Line, lines, selected
from tracker.actions.models import Action
from tracker.actions.queries import given_back
from tracker.actions.states import CAME_TO_AN_END, STATE_WORDS, State
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db
from tracker.files.models import pieces_for
from tracker.organisation.people import Person
from tracker.partners.taken_out import Why, taken_out
from tracker.wording import ngettext

MOST = 100  # actions that the page lists
LATEST = 5  # that came to an end
MOST_NEWS = 500
WITHIN = timedelta(days=6)  # today and the six days after it
WAS_RETURNED = Action.returned > literal_column(
    "0"
)  # as its index says it: a parameter would not be known to be 0


@dataclass
class Lane:
    """Lists of rows as `for_contact` gives them. `total` counts the open ones, `late` those whose last day has passed; what names
    a colleague is in neither, but among `others`."""

    overdue: list[dict[str, Any]] = field(default_factory=list)
    within_a_week: list[dict[str, Any]] = field(default_factory=list)
    later: list[dict[str, Any]] = field(default_factory=list)
    with_us: list[dict[str, Any]] = field(default_factory=list)
    over: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0
    late: int = 0
    cut: bool = False  # whether there are more than it lists
    others: int = 0

    @property
    def asked(self) -> list[dict[str, Any]]:
        """Those for which another date is proposed: our side answers."""
        going = (*self.later, *self.within_a_week, *self.overdue)
        return [row for row in going if row["proposed_on"]]


def lane_of(person: Person, today: date) -> Lane:
    """Return everything of the lane that concerns actions, in a few statements: in each group what was returned, then the next due.

    Of more than MOST the later ones are left out, which the page says.
    """
    scope, due = Action.visible_to(person), (Action.due_on, Action.position, Action.id)
    going = scope.where(Action.closed_at.is_(None))
    # What was returned and the rest each follow an index of their own; together they could only be sorted.
    some = (
        going.where(WAS_RETURNED, given_back() == 1),
        going.where(given_back() == 0),
    )
    first = (
        one.with_only_columns(Action.id).order_by(*due).limit(MOST + 1).subquery() for one in some
    )
    # Nothing is asked of them again: SQLite would look through all that the partner has to find these few.
    going = select(Action).where(Action.id.in_(union_all(*(select(one.c.id) for one in first))))
    going = going.order_by(given_back().desc(), *due).limit(MOST + 1)
    ended = scope.where(Action.state.in_(CAME_TO_AN_END))
    ended = ended.order_by(Action.closed_at.desc(), Action.due_on.desc(), Action.id.desc()).limit(LATEST)  # fmt: skip
    pieces = pieces_for(person).label("pieces")
    over = lines(selected(ended, person, pieces), today)
    lane = Lane(over=[for_contact(line, person) for line in over])
    found = lines(selected(going, person, Action.reply, pieces), today)
    lane.cut, found = len(found) > MOST, found[:MOST]
    why = taken_out(found, today)
    for line in found:
        row = for_contact(line, person, why.get(line.id))
        if line.state == State.submitted:
            lane.with_us.append(row)
        elif line.late:
            lane.overdue.append(row)
        elif (line.last_on or line.due_on) <= today + WITHIN:
            lane.within_a_week.append(row)
        else:
            lane.later.append(row)
    going_on = (*lane.overdue, *lane.within_a_week, *lane.later)
    lane.others = sum(bool(row["contact_name"]) for row in going_on)
    lane.late = sum(not row["contact_name"] for row in lane.overdue)
    lane.total = len(going_on) - lane.others
    return lane


NEWS = {
    "added": (Kind.action_added, Kind.action_assigned),
    "returned": (Kind.action_returned,),
    "accepted": (Kind.action_accepted,),
    "dated": (Kind.action_date_accepted, Kind.action_date_declined, Kind.action_rescheduled),
}


def news(person: Person, since: datetime) -> list[str]:
    """Return what our side did with the contact's actions after `since`, each kind counted in words, in one statement."""
    ours = or_(Event.actor_id.is_(None), Event.actor_id.not_in(_colleagues(person)))
    happened = (
        Action.visible_to(person)
        .with_only_columns(Event.kind, Event.subject_id)
        .where(Event.subject_type == "action", Event.subject_id == Action.id)
        # What happened while somebody else had it is nobody's news here.
        .where(Event.at > since, Event.at >= Action.assigned_at, ours)
        # What was taken back is no news.
        .where(or_(Event.kind != Kind.action_accepted, Action.state == State.accepted))
        # What was returned and handed in again waits for nobody here.
        .where(or_(Event.kind != Kind.action_returned, given_back() == 1))
        .where(Event.kind.in_([kind.value for kinds in NEWS.values() for kind in kinds]))
        .distinct()
        .limit(MOST_NEWS)
    )
    rows = db.session.execute(happened).all()
    told = {
        name: len({row.subject_id for row in rows if row.kind in kinds})
        for name, kinds in NEWS.items()
    }
    words = {
        "added": ngettext("%(num)s new action", "%(num)s new actions", told["added"]),
        "returned": ngettext("%(num)s returned", "%(num)s returned", told["returned"]),
        "accepted": ngettext("%(num)s accepted", "%(num)s accepted", told["accepted"]),
        "dated": ngettext("%(num)s date answered or set", "%(num)s dates answered or set", told["dated"]),
    }  # fmt: skip
    return [words[name] for name, count in told.items() if count]


def _colleagues(person: Person) -> Any:
    return select(Person.id).where(Person.partner_id == person.partner_id)


def for_contact(line: Line, person: Person, why: Why | None = None) -> dict[str, Any]:
    """Return what a partner's contact reads of an action in a list, and nothing else of it (rule 20).

    `why` says which days are taken out of it.
    """
    return {
        "ref": line.ref,
        "title": line.title,
        "initiative_ref": line.initiative_ref,
        "initiative_title": line.initiative_title,
        "state": line.state,
        "state_words": str(STATE_WORDS[line.state]),
        "colour": line.colour,
        "due_on": line.due_on,
        "last_on": line.last_on,
        "why": why,
        "late": line.late,
        "held": line.held,
        "blocked": line.blocked,
        "proposed_on": line.proposed_on,
        "closed_at": line.closed_at,
        "progress": line.progress,
        "returned": line.returned,
        "given_back": line.given_back,
        "pieces": line.pieces,
        "missing": line.reply if line.given_back else "",
        "host_name": line.host_name,
        "contact_name": line.contact_name if line.contact_id != person.id else None,
        "mine": line.contact_id == person.id,
    }
