"""The statements from which a board's fingerprint is made, and what the navigation beside it counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, String, and_, bindparam, cast, func, select, true

from tracker.actions.queries import count_waiting
from tracker.activity.models import ChainHead
from tracker.blockers.silos import SiloPair
from tracker.boards.filters import Filters
from tracker.boards.models import Board
from tracker.boards.statement import SOMEBODY
from tracker.initiatives.models import Initiative
from tracker.notices.reading import unread_of
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation
from tracker.organisation.sign_ins import SignIn

# What the navigation counts, by endpoint, as the rooms below do: it stands on the page, and changes without the board.
# What is unread changes without the trail as well, so it is read with the viewer.
COUNTS: dict[str, Any] = {
    "initiatives.sponsorships": select(func.count())
    .where(Initiative.proposed_sponsor_id == SOMEBODY.id)
    .scalar_subquery(),
    "actions.index": count_waiting(SOMEBODY),
    "blockers.index": select(func.coalesce(func.sum(SiloPair.open_count), 0)).scalar_subquery(),
}
TASTES = ("time_zone", "language", "theme", "day_calendar", "digits", "shortcuts", "version")
SAVED = cast(Board.created_at, String).label("saved")
HEAD = func.coalesce(select(ChainHead.count).scalar_subquery(), 0).label("head")


def saved() -> Select[*tuple[Any, ...]]:
    """Return the statement for the board at the address `slug`: id, version, filters; no row for a partner's contact."""
    slug = bindparam("slug", type_=String)
    internal = select(Person.id).where(Person.id == SOMEBODY.id, Person.role != Role.partner)
    return select(Board.id, Board.version, Board.filters_json, SAVED).where(
        internal.exists(), Board.slug == slug
    )


def viewer_and_board() -> Select[Any]:
    """Return the one statement: `person` and `board` with everything but the cards, or no row where it is not theirs to see.

    First when the sign-in began and was last used, and the day on which access ends by itself; then the version of the board,
    the head of the chain, and how much is unread
    in the inbox; what follows is the fingerprint's.
    """
    person, organisation = Person.__table__.c, Organisation.__table__.c
    sign_in = SignIn.__table__.c
    number = bindparam("board", type_=Integer)
    board = (
        Board.visible_to(SOMEBODY)
        .with_only_columns(Board.version, SAVED)
        .where(Board.id == number)
        .subquery()
    )
    return (
        select(
            cast(sign_in.begun_at, String).label("begun"),
            cast(sign_in.last_seen, String).label("seen"),
            cast(person.ends_on, String).label("ends_on"),
            board.c.version.label("board_version"),
            HEAD,
            unread_of(SOMEBODY).label("unread"),
            organisation.time_zone.label("zone"),
            *(person[name] for name in TASTES),
            organisation.epoch.label("organisation_epoch"),
            board.c.saved,
        )
        .select_from(SignIn.__table__)
        .join(
            Person.__table__,
            and_(person.id == sign_in.person_id, person.epoch == sign_in.epoch),
        )
        .join(Organisation.__table__, organisation.id == 1)
        .join(board, true())
        .where(
            sign_in.key_hash == bindparam("key_hash", type_=String),
            sign_in.person_id == SOMEBODY.id,
            person.ended_at.is_(None),
            person.role != Role.partner,
        )
    )


def cards(filters: Filters) -> Select[Any]:
    """Return the statement for what the cards of a board show: the head of the chain first, all at one moment."""
    shown = (
        Initiative.visible_to(SOMEBODY)
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
