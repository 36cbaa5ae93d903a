"""Reading the trail: the timeline of anything, as far as whoever looks may see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS, Event
from tracker.activity.partner_sentences import PARTNER_SENTENCES, PARTNER_WORDS
from tracker.activity.searching import Asked, walk
from tracker.activity.telling import Line, line, line_for_partner, names_of
from tracker.db import Model, db

Scope = Callable[[Any], Select[Any]]

# Filled by `create_app`: for each type of subject, the rows that exist for a person.
scopes: dict[str, Scope] = {}

# Nobody reads these unasked: only a timeline of their subject, or of their kinds, shows them.
QUIET = frozenset(
    {
        Kind.action_moved,
        Kind.board_changed,
        Kind.board_deleted,
        Kind.board_saved,
        Kind.charter_draft_saved,
        Kind.import_map_saved,
        Kind.person_link_issued,
        Kind.person_password_changed,
        Kind.person_signed_out,
        Kind.trail_stock_taken,
    }
)
# What somebody proves who they are by helps whoever would take their place: they themselves, administrators and auditors read it.
PROOFS = frozenset(
    {
        Kind.person_app_removed,
        Kind.person_app_set_up,
        Kind.person_passkey_added,
        Kind.person_passkey_removed,
        Kind.person_passkey_renamed,
        Kind.person_recovery_code_used,
        Kind.person_recovery_codes_made,
        Kind.person_second_factor_reset,
    }
)
_COLUMNS = tuple(
    EVENTS.c[name]
    for name in (
        *("id", "at", "actor_id", "on_behalf_of_id", "kind", "subject_type", "subject_id"),
        *("initiative_id", "before", "after", "private"),
    )
)


class Feed(list[Line]):
    """Lines, newest first; `older` is the `before_id` of the next page, None when there is none.

    `short` is the time up to which a search looked, where it ended before it found enough.
    """

    older: int | None = None
    short: datetime | None = None


def visible_events(person: Any) -> ColumnElement[bool]:
    """The condition on events that exist for `person` (design rule 1, product rules 20 and 21).

    Internal people: what belongs to an initiative or a subject in their scope, `PROOFS` of themselves alone. Partners: kinds
    on the allow-list, about a subject in their present scope. A type without a scope: nobody.
    """
    # Coalesced, so that SQLite walks the index of the page's order and not one for each type.
    subject_type = func.coalesce(Event.subject_type, "")
    by_subject = [
        and_(subject_type == kind, _within(scope(person), Event.subject_id))
        for kind, scope in scopes.items()
    ]
    if not person.is_internal:
        return and_(Event.kind.in_(list(PARTNER_SENTENCES)), or_(false(), *by_subject))
    if "initiative" in scopes:
        by_subject.append(_within(scopes["initiative"](person), Event.initiative_id))
    seen = or_(false(), *by_subject)
    if person.is_admin or person.role == "auditor":
        return seen
    return and_(seen, or_(Event.kind.not_in(sorted(PROOFS)), Event.subject_id == person.id))


def timeline(
    person: Any,
    *,
    initiative_id: int | None = None,
    subject: tuple[str, int] | None = None,
    kinds: Collection[Kind] | None = None,
    actor: int | None = None,
    since: datetime | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Feed:
    """The newest `limit` events that `person` may see, with every name resolved.

    `subject` is (type, id); `kinds` None means all but the quiet ones; `actor` is a person's id;
    `since` is exclusive; `before_id` comes from `older` of the page before. The number of queries
    does not grow with the rows: one, and one for the names.
    """
    query = select(*_COLUMNS).where(visible_events(person)).order_by(Event.id.desc())
    if initiative_id is not None:
        query = query.where(Event.initiative_id == initiative_id)
    if subject is not None:
        query = query.where(Event.subject_type == subject[0], Event.subject_id == subject[1])
    if kinds is not None:
        query = query.where(Event.kind.in_(sorted(kinds)))
    elif subject is None:
        query = query.where(Event.kind.not_in(sorted(QUIET)))
    if actor is not None:
        query = query.where(Event.actor_id == actor)
    if since is not None:
        query = query.where(Event.at > since)
    if before_id is not None:
        query = query.where(Event.id < before_id)
    return _told(person, query, limit, here=subject)


def since(person: Any, at: datetime, limit: int = 10) -> Feed:
    """What others did after `at`, newest first: "since your last visit"."""
    query = (
        select(*_COLUMNS)
        .where(Event.at > at, Event.kind.not_in(sorted(QUIET)), visible_events(person))
        .where(or_(Event.actor_id.is_(None), Event.actor_id != person.id))
        .order_by(Event.at.desc(), Event.id.desc())
    )
    return _told(person, query, limit)


def found(person: Any, asked: Asked, *, before_id: int | None = None, limit: int = 50) -> Feed:
    """The newest `limit` events that were `asked` for and that `person` may see, but for the quiet ones unless kinds are asked.

    The page may be short while there is more: see `searching.walk`; then `short` says how far back it looked.
    """
    seen = [visible_events(person)]
    if asked.kinds is None:
        seen.append(Event.kind.not_in(sorted(QUIET)))
    walked = walk(_COLUMNS, asked, *seen, before=before_id, limit=limit)
    feed = _lines(person, walked.rows)
    feed.older, feed.short = walked.older, walked.short
    return feed


def _told(person: Any, query: Select[Any], limit: int, here: tuple[str, int] | None = None) -> Feed:
    rows = list(db.session.execute(query.limit(limit + 1)))
    shown, more = rows[:limit], len(rows) > limit
    feed = _lines(person, shown, here)
    feed.older = shown[-1].id if more else None
    return feed


def _lines(person: Any, shown: Sequence[Any], here: tuple[str, int] | None = None) -> Feed:
    names = names_of(shown, here)
    if person.is_internal:
        return Feed(line(row, names) for row in shown)
    own = _colleagues(person.partner_id)
    told = _told_to_them(shown)
    return Feed(line_for_partner(row, names, own, told=row.id in told) for row in shown)


def _within(scope: Select[Any], identity: Any) -> ColumnElement[bool]:
    """Whether the row with this id is in `scope`: a look-up by key for each event, never a list."""
    found = scope.column_descriptions[0]["entity"].id
    return (
        scope.with_only_columns(found, maintain_column_froms=True)
        .where(found == identity)
        .order_by(None)
        .correlate(EVENTS)
        .exists()
    )


def _told_to_them(shown: Sequence[Any]) -> frozenset[int]:
    """The events among `shown`, all in the scope of a partner, whose words we wrote to it: since it has the action."""
    said = [row for row in shown if row.kind in PARTNER_WORDS and row.subject_type == "action"]
    if not said:
        return frozenset()
    action = Model.metadata.tables["action"]
    ids = {row.subject_id for row in said}
    query = select(action.c.id, action.c.assigned_at).where(action.c.id.in_(ids))
    since = {row.id: row.assigned_at for row in db.session.execute(query)}
    return frozenset(row.id for row in said if row.at >= since[row.subject_id])


def _colleagues(partner_id: int) -> frozenset[int]:
    """The contacts of a partner, past and present."""
    person = Model.metadata.tables["person"]
    return frozenset(
        db.session.scalars(select(person.c.id).where(person.c.partner_id == partner_id))
    )
