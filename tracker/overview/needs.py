"""What needs a person today: one line for each thing, with why now and the act that ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.blockers.holders import Calendars
from tracker.blockers.lines import Line
from tracker.blockers.queries import waiting_lines
from tracker.blockers.states import State
from tracker.clock import now
from tracker.initiatives.agreements import agreement_lists, agreements_of
from tracker.initiatives.awaiting import together
from tracker.initiatives.stages import stage_name
from tracker.organisation.people import Person, Role
from tracker.overview.agreements import told
from tracker.overview.doing import actions_of
from tracker.overview.gathering import Needs, gathered
from tracker.overview.need import ALL, MOST, Kind, Need
from tracker.overview.queries import initiative_lists
from tracker.wording import day as day_words
from tracker.wording import isolate, working_days


def needs(person: Person, today: date, calendars: Calendars, only: Kind | None = None) -> Needs:
    """Return what waits for `person`, the most pressing first: a few of each kind, or all of the kind in `only`.

    It takes three statements, one more for blockers that were passed on, and one where units are asked for agreement.
    """
    most = ALL if only else MOST
    acts = person.role != Role.auditor
    agreements = agreement_lists(person, now(), most) if acts else {}
    lists = together(initiative_lists(person, today, most) | agreements)
    waiting = agreements_of({name: lists[name] for name in agreements}, now(), calendars, most)
    blockers = waiting_lines(person, most, today, calendars)
    found = [
        *_sponsorships(lists["sponsorships"]),
        *_asks(lists["asks"], Kind.asks, _("asked %(day)s"), _("Waits for your decision")),
        *_asks(lists["seconds"], Kind.seconds, _("approved %(day)s"), _("Waits for finance")),
        *_returned(lists["returned"]),
        *_interim(lists["interim"]),
        *_blockers(blockers["mine"], person),
        *(actions_of(person, today, most) if acts else ()),
        *told(waiting),
        *_reports(lists["reports"]),
        *_unanswered(blockers["unanswered"]),
        *_proposals(lists["proposals"]),
    ]
    order = {"bad": 0, "warn": 1, "none": 2, "ok": 3}
    return gathered(sorted(found, key=lambda need: order[need.mark]), person, only)


def _sponsorships(rows: list[Any]) -> Iterator[Need]:
    for row in rows:
        yield Need(
            what=_("Sponsor “%(title)s”?", title=row.title), ref=row.ref, url=url_for("initiatives.show", ref=row.ref), who=row.who or "",
            when=_("asked %(day)s", day=day_words(row.since, "short")), why=_("Waits for your answer"), mark="warn",
            act=_("Answer"), act_url=url_for("initiatives.sponsorships"), kind=Kind.sponsorships, among=row.among,
        )  # fmt: skip


def _asks(rows: list[Any], kind: Kind, when: str, why: str) -> Iterator[Need]:
    for row in rows:
        yield Need(
            what=_("Open %(stage)s for “%(title)s”?", stage=stage_name(row.stage), title=row.title), ref=row.ref,
            url=url_for("initiatives.show", ref=row.ref), who=row.who or "", when=when % {"day": day_words(row.since, "short")},
            why=why, mark="warn", act=_("Decide"), act_url=url_for("approvals.stage", ref=row.ref, to=row.stage), kind=kind,
            among=row.among,
        )  # fmt: skip


def _returned(rows: list[Any]) -> Iterator[Need]:
    for row in rows:
        url = url_for("approvals.show", key=row.id)
        yield Need(
            what=_("Ask anew: %(question)s", question=isolate(row.title)), ref=row.ref, url=url, who=row.who,
            when=_("sent back %(day)s", day=day_words(row.since, "short")), why=_("Sent back, with what is missing"), mark="warn",
            act=_("Read it"), act_url=url, kind=Kind.returned, among=row.among,
        )  # fmt: skip


def _interim(rows: list[Any]) -> Iterator[Need]:
    for row in rows:
        yield Need(
            what=_("Find a sponsor for good: %(title)s", title=row.title), ref=row.ref, url=url_for("initiatives.show", ref=row.ref),
            who=row.who, when=_("since %(day)s", day=day_words(row.since, "short")), why=_("You are its interim sponsor"), mark="warn",
            act=_("Propose a sponsor"), act_url=url_for("initiatives.propose", ref=row.ref), kind=Kind.interim, among=row.among,
        )  # fmt: skip


def _blockers(lines: list[Line], person: Person) -> Iterator[Need]:
    for line in lines:
        if line.is_open and line.escalated_to_id == person.id != line.answerer_id:
            why, act = _("Escalated to you"), _("Read it")
        elif line.state == State.resolved:
            why, act = _("Said to be resolved"), _("Confirm")
        elif line.state == State.counter_proposed:
            why, act = _("Another day is proposed"), _("Answer")
        elif line.state == State.disputed:
            why, act = _("It is disputed who owes it"), _("Settle it")
        elif line.state == State.committed:  # only once it is late
            why, act = _("Past its clock"), _("Answer")
        else:
            why, act = (
                (_("Past its clock") if line.late else _("Waits for you")),
                _("Promise a date"),
            )
        yield _of_blocker(
            line, line.blocked_name, why, "bad" if line.late else "warn", act, kind=Kind.blockers
        )


def _unanswered(lines: list[Line]) -> Iterator[Need]:
    for line in lines:
        why, act = _("Nobody answers for it"), _("Name an answerer")
        yield _of_blocker(line, line.holder_name, why, "bad", act, kind=Kind.unanswered)


def _of_blocker(line: Line, who: str, why: str, mark: str, act: str, *, kind: Kind) -> Need:
    url = url_for("blockers.show", ref=line.ref)
    return Need(
        what=line.title,
        ref=line.initiative_ref,
        url=url,
        who=who,
        when=working_days(line.days),
        why=why,
        mark=mark,
        act=act,
        act_url=url,
        kind=kind,
        among=line.among,
    )


def _reports(rows: list[Any]) -> Iterator[Need]:
    for row in rows:
        since = (
            _("since %(day)s", day=day_words(row.reported_on, "short"))
            if row.reported_on
            else _("never yet")
        )
        yield Need(
            what=_("No update: %(title)s", title=row.title), ref=row.ref, url=url_for("initiatives.show", ref=row.ref),
            who=row.who, when=since, why=_("Report overdue"), mark="none", act=_("Update"),
            act_url=url_for("updates.new", ref=row.ref, back=url_for("overview.home")), kind=Kind.reports, among=row.among,
        )  # fmt: skip


def _proposals(rows: list[Any]) -> Iterator[Need]:
    for row in rows:
        yield Need(
            what=_("Sponsorship of “%(title)s”", title=row.title), ref=row.ref, url=url_for("initiatives.show", ref=row.ref), who=row.who,
            when=_("asked %(day)s", day=day_words(row.since, "short")), why=_("Not answered yet"), mark="none", act=_("Look at it"),
            act_url=url_for("initiatives.show", ref=row.ref), kind=Kind.proposals, among=row.among,
        )  # fmt: skip
