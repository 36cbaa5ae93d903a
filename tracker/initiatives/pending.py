"""What an initiative waits for: each thing in words, with the act that ends it for those who may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.initiatives.acting import Acts
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import address
from tracker.initiatives.pauses import pauses_of
from tracker.initiatives.reporting import silent
from tracker.initiatives.sponsorships import calendars_of, lapses_on
from tracker.initiatives.stages import Stage, stage_name
from tracker.wording import day


@dataclass(frozen=True)
class Wait:
    """One thing: what, more about it, what was said, and the act (words and address) where this person has one.

    `mark` is warn for what must happen before it goes on, none for what may take its time.
    """

    mark: str
    what: str
    more: str = ""
    said: str = ""
    act: str = ""
    url: str = ""

    @property
    def mine(self) -> bool:
        """Whether it waits for this very person."""
        return bool(self.act) and self.mark == "warn"


def waits_of(initiative: Initiative, facts: Any, acts: Acts, today: date) -> list[Wait]:
    """Return what `initiative` waits for, what this person can do about first."""
    if initiative.ended:
        return []
    parts = (_stage, _hold, _lead, _friction)
    found = list(_sponsor(initiative, facts, acts, today))
    found += [wait for part in parts for wait in part(initiative, facts, acts)]
    found += _report(initiative, acts, today)
    return sorted(found, key=lambda wait: not wait.mine)


def _sponsor(initiative: Initiative, facts: Any, acts: Acts, today: date) -> Iterator[Wait]:
    form = url_for("initiatives.propose", ref=initiative.ref)
    if initiative.proposed_sponsor_id is not None:
        yield _proposal(initiative, initiative.proposed_sponsor_id, facts, acts, today)
    elif initiative.stage == Stage.idea:
        yield Wait(
            "warn",
            _("It has no sponsor yet"),
            _("It stays an idea until an executive accepts to sponsor it."),
            act=_("Propose a sponsor") if acts.propose else "",
            url=form,
        )
    elif initiative.sponsor_interim:
        yield _for_good(facts, acts, form)


def _for_good(facts: Any, acts: Acts, form: str) -> Wait:
    if acts.propose:
        return Wait(
            "warn",
            _("%(name)s is interim sponsor", name=facts.sponsor),
            _("The sponsor's access ended. Somebody has to accept it for good."),
            act=_("Propose a sponsor"),
            url=form,
        )
    who = _("%(name)s, the interim sponsor, proposes who takes it on for good.", name=facts.sponsor)
    return Wait("none", who, _("The sponsor's access ended."))


def _proposal(initiative: Initiative, asked: int, facts: Any, acts: Acts, today: date) -> Wait:
    form = url_for("initiatives.propose", ref=initiative.ref)
    since, days = initiative.proposed_at or initiative.changed, calendars_of({asked})[asked]
    pauses = pauses_of([initiative.id])[initiative.id]
    until = day(lapses_on(since, days, pauses, today), "weekday")
    more = _("The proposal lapses after %(day)s.", day=until)
    if initiative.held_at is not None:
        more = _("The days to answer stand still while it is on hold.")
    elif facts.adopts:
        more = _(
            "As it stands at %(stage)s. The proposal lapses after %(day)s.",
            stage=stage_name(facts.adopts),
            day=until,
        )
    said = facts.proposal_words or ""
    if acts.answer:
        what = _("You are asked to sponsor this")
        if facts.proposed_by:
            what = _("%(name)s asks you to sponsor this", name=facts.proposed_by)
        return Wait("warn", what, more, said, _("Answer"), form)
    what = _(
        "%(name)s was asked on %(day)s to sponsor this",
        name=facts.proposed,
        day=day(initiative.proposed_at, "short"),
    )
    act = _("Withdraw the proposal") if acts.withdraw_proposal else ""
    return Wait("none", what, more, said, act, form)


def _stage(initiative: Initiative, facts: Any, acts: Acts) -> Iterator[Wait]:
    if initiative.asked_stage is None:
        return
    stage = stage_name(initiative.asked_stage)
    form = url_for("approvals.stage", ref=initiative.ref, to=initiative.asked_stage)
    more = _("Since %(day)s", day=day(initiative.asked_at, "weekday"))
    said = facts.ask_words or ""
    if facts.ask_agreed:
        what = _("%(sponsor)s approved %(stage)s, and finance decides second", sponsor=facts.sponsor, stage=stage)  # fmt: skip
        more = _("Since %(day)s", day=day(facts.ask_agreed, "weekday"))
        yield Wait("none", what, more, said, _("Look at it"), form)
        return
    if acts.decide:
        what = _("%(name)s asks you to open %(stage)s", name=facts.asked_by, stage=stage)
        yield Wait("warn", what, more, said, _("Decide"), form)
        return
    what = _(
        "%(name)s asked %(sponsor)s to open %(stage)s",
        name=facts.asked_by,
        sponsor=facts.sponsor,
        stage=stage,
    )
    yield Wait("none", what, more, said, _("Look at it"), form)


def _hold(initiative: Initiative, _facts: Any, acts: Acts) -> Iterator[Wait]:
    if initiative.held_at is not None:
        yield Wait(
            "none",
            _("On hold since %(day)s", day=day(initiative.held_at, "weekday")),
            _("Its clocks stand still until the sponsor resumes it."),
            initiative.held_words,
            _("Resume it") if acts.resume else "",
            url_for("initiatives.resume", ref=initiative.ref),
        )


def _lead(initiative: Initiative, _facts: Any, acts: Acts) -> Iterator[Wait]:
    if initiative.lead_id is None:
        yield Wait(
            "warn",
            _("Nobody leads it"),
            _("Somebody has to run it and report on it."),
            act=_("Name a lead") if acts.set_lead else "",
            url=url_for("initiatives.lead", ref=initiative.ref),
        )


def _friction(initiative: Initiative, facts: Any, acts: Acts) -> Iterator[Wait]:
    if not facts.words:
        yield Wait(
            "warn",
            _("Nobody has said what goes wrong for the customer"),
            act=_("Describe it") if acts.edit else "",
            url=url_for("initiatives.friction", ref=initiative.ref),
        )


def _report(initiative: Initiative, acts: Acts, today: date) -> Iterator[Wait]:
    if initiative.held_at is not None or not silent(initiative, today):
        return
    form = address("updates.new", ref=initiative.ref)
    what = _("Nobody has reported on it yet")
    if initiative.reported_on is not None:
        what = _("No update since %(day)s", day=day(initiative.reported_on))
    act = _("Post an update") if acts.report and form else ""
    yield Wait("warn", what, act=act, url=form or "")
