"""Reading actions: whom they wait for, and who can do or host them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.states import OPEN, State
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.choices import people_choices
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.wording import sort_key

Done, Asked = aliased(Action), aliased(Action)

Choices = list[tuple[Any, str]]
MOST_PARTNERS = 2000
MOST_COUNTED = 100  # at the side of a page: there it reads 99+


def waits_for(person: Any) -> Any:
    """Return the condition that an action waits for `person`: as assignee, or as host or lead whose answer is asked."""
    if not person.is_internal:
        return and_(Action.closed_at.is_(None), Action.state != State.submitted)
    return Action.id.in_(union_all(*_waiting(person)))


def _waiting(person: Any) -> list[Select[Any]]:
    """Return the selects of what waits for one of our own, no action in two of them: each walks an index of its own."""
    return [
        select(Done.id).where(
            Done.closed_at.is_(None), Done.assignee_id == person.id, Done.state != State.submitted
        ),
        *(
            select(Asked.id).where(Asked.closed_at.is_(None), why)
            for why in _answers_asked_of(person, Asked)
        ),
    ]


def asks_answer_of(person: Any) -> Any:
    """Return the condition that an action asks `person` for an answer: to a submission, or a date. Partners are asked for none."""
    if not person.is_internal:
        return literal(False)
    return and_(Action.closed_at.is_(None), or_(*_answers_asked_of(person, Action)))


def _answers_asked_of(person: Any, action: Any) -> tuple[Any, Any]:
    led = select(Initiative.id).where(Initiative.lead_id == person.id)
    asked = or_(action.state == State.submitted, action.proposed_on.is_not(None))
    others = action.assignee_id.is_distinct_from(person.id)
    # Nobody accepts their own work: then the lead does (rule 19).
    own = (action.state == State.submitted, action.assignee_id == action.host_id)
    return and_(action.host_id == person.id, asked, others), and_(
        *own, action.initiative_id.in_(led)
    )


def given_back() -> Any:
    """Return 1 for an action that was returned and is with whoever does it again, else 0: to order by."""
    returned = and_(Action.returned > 0, Action.state.in_(OPEN))
    return case((returned, 1), else_=0)


def calls(person: Any) -> Any:
    """Return how loudly an action calls for `person`, to order by: 2 where an answer is asked, 1 for what was returned to them."""
    mine = and_(Action.assignee_id == person.id, given_back() == 1)
    return case((asks_answer_of(person), 2), (mine, 1), else_=0)


def count_waiting(person: Any) -> ScalarSelect[int]:
    """Return the query for how many actions wait for `person`, counted up to MOST_COUNTED."""
    if person.is_internal:
        few = (select(one.limit(MOST_COUNTED).subquery()) for one in _waiting(person))
        some = select(union_all(*few).subquery())
    else:
        some = Action.visible_to(person).where(waits_for(person)).with_only_columns(Action.id)
    return select(func.count()).select_from(some.limit(MOST_COUNTED).subquery()).scalar_subquery()


def assignee_choices(present: Assignee | None = None) -> dict[str, Choices]:
    """Return who can be given an action, in groups: our own people, partners, and the contacts of each by name.

    The one that is chosen at present stands among them whatever became of it.
    """
    ours = [
        (f"i{id_}", name)
        for id_, name in people_choices(and_also=present.person_id if present else None)
    ]
    there = or_(Partner.ended_at.is_(None), Partner.id == (present.partner_id if present else None))
    active = or_(Person.ended_at.is_(None), Person.id == (present.contact_id if present else None))
    rows = db.session.execute(
        select(Partner.id, Partner.name, Person.id.label("contact"), Person.name.label("person"))
        .outerjoin(Person, and_(Person.partner_id == Partner.id, active))
        .where(there)
        .limit(MOST_PARTNERS)
    ).all()
    partners: Choices = []
    for row in sorted(rows, key=lambda row: (sort_key(row.name), sort_key(row.person or ""))):
        whole = (f"p{row.id}", row.name)
        if whole not in partners:
            partners.append(whole)
        if row.contact is not None:
            words = _("%(partner)s: %(person)s", partner=row.name, person=row.person)
            partners.append((f"c{row.id}-{row.contact}", words))
    return {_("Partners"): partners, _("Our people"): ours}
