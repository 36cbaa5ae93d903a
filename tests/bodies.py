"""For each address that takes a form: a body that is right, and whom the policy lets send it there (the work itself).

`form_of` names what the form knows beside the fields of the body. What the office keeps is in `bodies_office.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from tests.cast import START
from tracker.meeting import mark

DAY = START.date().isoformat()
EARLIER = START.replace(year=START.year - 1).date().isoformat()
FAR = START.replace(year=START.year + 1).date().isoformat()
LATER = START.replace(day=27).date().isoformat()
CONTACTS = "contact second_contact"  # of the partner that does the action
EVERYBODY = (
    f"{CONTACTS} other_contact member lead head manager executive owner auditor admin finance"
)
ANYBODY = f"nobody ended_contact out_contact {EVERYBODY}"
ACTING = "member lead head manager executive owner admin finance"


SIGNED_OUT = "nobody ended_contact out_contact"
LED_ON = frozenset(
    {303, 403}
)  # whose link it is goes to the request, and everybody else is told so
ROW_BY_ROW = frozenset(
    {403, 404, 409}
)  # what an act on several says when none of them is one's own


def _nothing(_world: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Send:
    """`by` may send `fields` to `where` (arguments of the address, and what stands behind its question mark)."""

    by: str
    fields: Callable[[Any], dict[str, Any]] = _nothing
    where: Callable[[Any], dict[str, Any]] = _nothing
    form_of: str = ""
    status: int = 303
    refused: frozenset[int] = frozenset({403, 404})

    @property
    def allowed(self) -> list[str]:
        return self.by.split()


def on(name: str, **ask: Any) -> Callable[[SimpleNamespace], dict[str, Any]]:
    """Return the address of the world's `name` (its ref)."""
    return lambda w: {"ref": getattr(w, name).ref, **ask}


def says(**fields: Any) -> Callable[[Any], dict[str, Any]]:
    return lambda _w: fields


def seen(name: str, **fields: Any) -> Callable[[SimpleNamespace], dict[str, Any]]:
    """Return what answers the day that is proposed for the world's `name`, as it stands."""

    def told(w: SimpleNamespace) -> dict[str, Any]:
        proposed = getattr(w, name).proposed_on
        return {**fields, "version": mark(proposed.isoformat() if proposed else "")}

    return told


def _blocker(w: Any) -> dict[str, Any]:
    return {
        "title": "No test data", "blocked_unit_id": w.care.id, "category": "data", "effect": "We wait", "root_cause": "data",
        "backstage": "back", "needed_by": LATER,
    }  # fmt: skip


def _part(w: Any) -> dict[str, Any]:
    one = w.membership
    return {
        "responsibility": one.responsibility,
        "discipline": one.discipline,
        "what_for": one.what_for,
        "share": one.share,
    }


def _places(w: Any) -> dict[str, Any]:
    return {"units": [w.it.id], "partners": []}


def _bulk(what: str, by: str, fields: Callable[[Any], dict[str, Any]], form_of: str = "") -> Send:
    return Send(by, lambda w: {"ids": [w.unsponsored.id], **fields(w)}, lambda _w: {"what": what}, form_of, refused=ROW_BY_ROW)  # fmt: skip


def _several(what: str, fields: Callable[[Any], dict[str, Any]], form_of: str = "") -> Send:
    return Send(HOSTS, lambda w: {"ids": [w.action.id], **fields(w)}, lambda _w: {"what": what}, form_of, refused=ROW_BY_ROW)  # fmt: skip


WORDS = says(words="So it shall be.")
PART: dict[str, Any] = {"responsibility": "consulted", "discipline": "", "what_for": "Tests", "share": "10"}  # fmt: skip
UPDATE: dict[str, Any] = {
    "colour": "at_risk", "reason": "Slow", "help_needed": "Testers", "what_changed": "A lot", "what_next": "More", "day": DAY,
}  # fmt: skip
BOARD: dict[str, Any] = {
    "name": "Mine", "theme": "", "unit": "", "sponsor": "", "partner": "", "colour": "at_risk", "lanes": "unit",
}  # fmt: skip
NEW: dict[str, Any] = {
    "title": "Letters that can be read", "words": "I do not understand it", "sponsor": "", "known_title": "",
}  # fmt: skip
KPI: dict[str, Any] = {
    "name": "Effort", "code": "CES", "definition": "How hard it was", "formula": "", "origin": "", "measure": "", "factor": "1",
    "places": "1",
    "good": "down", "scale_low": "", "scale_high": "", "layer": "driver", "parent_id": "", "unit_id": "", "owner_id": "", "source": "",
    "cadence": "monthly", "alert_low": "", "alert_high": "",
}  # fmt: skip
READING: dict[str, Any] = {
    "figure": "14.5",
    "note": "Asked by letter",
    "breaks": "The question was worded anew",
}
TERMS: dict[str, Any] = {
    "baseline": "12", "baseline_on": DAY, "target": "20", "target_on": FAR, "claimed": "2", "path": "",
}  # fmt: skip
GOAL: dict[str, Any] = {**TERMS, "method": "Two streets"}
REQUEST: dict[str, Any] = {
    "question": "Shall we go on?", "cost": "500", "cost_words": "For paper", "gain": "One bill", "waiting": "More calls",
    "risk": "The printer is late", "decide_by": LATER,
}  # fmt: skip
SPONSOR = "executive"
LEADING = "lead manager"
HEADS = "head owner"
HOSTS = "head lead manager"

BODIES: dict[str, Send | dict[str, Send]] = {
    # What stands in the way
    "blockers.acceptance": Send(LEADING, seen("bargained"), on("bargained")),
    "blockers.acknowledgement": Send(CONTACTS),
    "blockers.answerer": Send(LEADING, lambda w: {"answerer_id": w.contact.id, "version": w.blocker.version}),
    "blockers.confirmation": Send(LEADING, WORDS, on("resolved")),
    "blockers.counter_proposal": Send(
        CONTACTS, lambda w: {"proposed_on": FAR, "words": "It is a lot.", "version": w.bargained.version}, on("bargained")
    ),
    "blockers.dispute": Send(CONTACTS, WORDS),
    "blockers.edit": Send(LEADING, lambda w: {**_blocker(w), "cost": "5", "version": w.blocker.version}),
    "blockers.new": Send(
        "member lead head manager executive owner", lambda w: {**_blocker(w), "holder": f"u{w.it.id}", "outside": ""}
    ),
    "blockers.pass_on": Send(
        "head", lambda w: {"holder": f"p{w.vendor.id}", "outside": "", "words": "Theirs", "version": w.of_it.version}, on("of_it")
    ),
    "blockers.promise": Send(CONTACTS, lambda w: {"promised_on": LATER, "version": w.blocker.version}),
    "blockers.refusal": Send(LEADING, seen("bargained", words="Too late."), on("bargained")),
    "blockers.reopening": Send(LEADING, WORDS, on("resolved")),
    "blockers.resolution": Send(CONTACTS, WORDS),
    "blockers.settlement": Send(
        SPONSOR, lambda w: {"holder": f"u{w.it.id}", "outside": "", "promised_on": LATER, "words": "Theirs."}, on("contested")
    ),
    "blockers.waits_for": Send(LEADING, lambda w: {"other": w.of_it.ref}),
    "blockers.waits_no_longer": Send("head lead manager", lambda w: {"other": w.waited_for.ref}, on("waiting")),
    "blockers.withdrawal": Send(LEADING, WORDS),
    "partners.blocked": Send(
        CONTACTS, says(title="Nobody lets us in", category="tooling", needed_by=LATER, effect="No calls")
    ),
    # What is to be done
    "actions.new": Send(
        LEADING, lambda w: {
            "title": "Ten more calls", "assignee": f"p{w.vendor.id}", "due_on": LATER, "why": "They ask", "criteria": "Ten\nMore",
            "description": "By phone", "host_id": w.member.id,
        },
    ),
    "actions.edit": Send(
        HOSTS, lambda w: {
            "title": "Twelve calls", "why": "They ask", "criteria": "Twelve", "description": "By phone", "host_id": w.member.id,
            "version": w.action.version,
        },
    ),
    "actions.acknowledgement": Send(CONTACTS),
    "actions.start": Send(CONTACTS),
    "actions.progress": Send(CONTACTS, lambda w: {"progress": "40", "words": "Four", "version": w.action.version}),
    "actions.submission": Send(CONTACTS, says(met="0", words="All there")),
    "actions.completion": Send("member", WORDS, on("ours")),
    "actions.decline": Send(CONTACTS, WORDS),
    "actions.date": Send(CONTACTS, lambda w: {"proposed_on": FAR, "words": "No time", "version": w.action.version}),
    "actions.acceptance": Send(HOSTS, WORDS, on("handed")),
    "actions.taking_back": Send(HOSTS, where=on("accepted")),
    "actions.bulk": {
        "assignee": _several("assignee", lambda w: {"assignee": f"i{w.member.id}", "words": "You know it"}),
        "due-date": _several("due-date", says(days="3", words="Later"), "due_on"),
    },
    "actions.order": Send(LEADING, lambda w: {"up": w.dated.ref}),
    "actions.returning": Send(HOSTS, WORDS, on("handed")),
    "actions.date_acceptance": Send(HOSTS, where=on("dated")),
    "actions.date_refusal": Send(HOSTS, WORDS, on("dated")),
    "actions.due_date": Send(HOSTS, lambda w: {"due_on": FAR, "words": "Later", "version": w.action.version}),
    "actions.assignment": Send(HOSTS, lambda w: {"assignee": f"i{w.member.id}", "words": "You know it"}),
    "actions.cancellation": Send(HOSTS, WORDS),
    "files.add": Send(f"{CONTACTS} {HOSTS}", says(url="https://example.org/ten", name="The ten")),
    "files.remove": Send("contact"),
    # What is said
    "discussion.on_action": Send(f"{CONTACTS} {ACTING}", says(body="Nine so far, @Lena Lead.", readers="internal")),
    "discussion.on_initiative": Send(ACTING, says(body="Who rings them?")),
    "discussion.edit": Send("lead", lambda w: {"body": "All of them?", "version": w.comment.version}),
    "partners.scorecard_comment": Send(f"{CONTACTS} other_contact", says(words="Two of us were ill.", version="0")),
    # Saved boards
    "boards.delete": Send("manager", where=lambda w: {"slug": w.managers_board.slug}),
    "boards.edit": Send(
        "manager", lambda w: {**BOARD, "version": w.managers_board.version}, lambda w: {"slug": w.managers_board.slug}, "blocked"
    ),
    "boards.new": Send(ACTING, says(**BOARD), form_of="blocked shared"),
    # initiatives: begin, texts, people
    "initiatives.new": Send(ACTING, lambda w: {**NEW, "lead_unit": w.care.id}, form_of="theme"),  # behind the question mark
    "initiatives.new_on_board": Send(ACTING, lambda w: {**NEW, "lead_unit": w.care.id}, form_of="theme"),
    "initiatives.copy": Send(ACTING, says(title="Once more", with_team="y")),
    "initiatives.edit": Send(
        LEADING, lambda w: {
            "title": "One bill a month", "theme": "Bills", "category": "Mail", "budget": "12", "cadence": "weekly", "processes": "Billing",
            "systems": "SAP", "pilot_scope": "One town", "next_units": "All", "version": w.initiative.text_version,
        },
    ),
    "initiatives.friction": Send(
        LEADING, lambda w: {
            "words": "Three letters", "touchpoint": "Bill", "channel": "Mail", "root_cause": "data", "evidence": "Calls",
            "version": w.friction.version,
        },
    ),
    "initiatives.add_member": Send(LEADING, lambda w: {**PART, "person": w.head.id}),
    "initiatives.change_member": Send(LEADING, lambda w: {**PART, "version": mark(_part(w))}),
    "initiatives.remove_member": Send(LEADING),
    "initiatives.agree_share": Send("owner"),
    "initiatives.places": Send(LEADING, lambda w: {"units": [w.billing.id], "partners": [w.vendor.id], "version": mark(_places(w))}),
    "initiatives.lead": Send(
        "lead manager executive", lambda w: {"person": w.member.id, "version": mark({"person": w.lead.id})}
    ),
    "initiatives.lead_unit": Send(
        LEADING, lambda w: {"unit": w.billing.id, "version": mark({"unit": w.initiative.lead_unit_id})}
    ),
    "initiatives.bulk": {
        "sponsor": _bulk("sponsor", LEADING + " owner", lambda w: {"person": w.executive.id, "words": "You?"}, "adopt_at"),
        "lead": _bulk("lead", LEADING, lambda w: {"person": w.member.id}),
        "lead-unit": _bulk("lead-unit", LEADING, lambda w: {"unit": w.billing.id}),
        "team": _bulk("team", LEADING, lambda w: {**PART, "person": w.head.id}),
        "theme": _bulk("theme", LEADING, says(theme="Bills")),
    },
    # Work: its sponsor and its stages
    "initiatives.send_proposal": Send(
        LEADING + " owner", lambda w: {"person": w.executive.id, "words": "You?"}, on("unsponsored"), "adopt_at"
    ),
    "initiatives.accept": Send("owner"),
    "initiatives.decline": Send("owner", WORDS),
    "initiatives.withdraw": Send("manager executive"),
    "initiatives.accept_many": Send("owner", lambda w: {"ids": [w.initiative.id]}, refused=ROW_BY_ROW),
    "initiatives.decline_many": Send(
        "owner", lambda w: {"ids": [w.initiative.id], "words": "No time."}, refused=ROW_BY_ROW
    ),
    # Requests and decisions
    "approvals.ask": Send("member " + LEADING, says(**REQUEST, to="designing", then="submit"), on("ready")),
    "approvals.edit": Send(
        "member " + LEADING, lambda w: {**REQUEST, "to": "designing", "then": "keep", "version": w.approval.version}
    ),
    "approvals.withdrawal": Send("member " + LEADING),
    "approvals.approve": Send(SPONSOR, where=lambda w: {"key": w.request.id}),
    "approvals.condition": Send(
        SPONSOR, lambda w: {"words": "Ten calls first", "owner_id": w.member.id, "due_on": LATER}, lambda w: {"key": w.request.id}
    ),
    "approvals.not_yet": Send(SPONSOR, says(decision="sent_back", words="Not yet."), lambda w: {"key": w.request.id}),
    "approvals.undo": Send("executive", where=lambda w: {"key": w.settled_request.id}),
    "approvals.second": Send("finance", where=lambda w: {"key": w.agreed.id}),
    "approvals.give_back": Send("finance", says(words="The budget is spent."), lambda w: {"key": w.agreed.id}),
    "approvals.by_mail": Send(
        SIGNED_OUT, lambda w: {"link_key": w.link_key}, lambda w: {"token": w.link_token}, refused=LED_ON
    ),
    "approvals.not_yet_by_mail": Send(
        SIGNED_OUT, lambda w: {"link_key": w.link_key, "decision": "sent_back", "words": "Not yet."},
        lambda w: {"token": w.link_token}, refused=LED_ON,
    ),
    "approvals.acceptance": Send(SPONSOR),
    "approvals.waiving": Send(SPONSOR, WORDS),
    "initiatives.step_back": Send(SPONSOR, says(words="Back.", to="designing"), on("piloting")),
    "initiatives.hold": Send(SPONSOR, WORDS),
    "initiatives.resume": Send(SPONSOR, WORDS, on("paused")),
    "initiatives.stop": Send(SPONSOR, WORDS),
    # Work: its charter and its priorities
    "initiatives.charter_draft": Send(
        LEADING, lambda w: {
            "purpose": "X", "for_customer": "X", "in_scope": "X", "out_of_scope": "X", "taking_part": "X", "measures": "X",
            "time_budget": "X", "risks": "X", "version": w.draft.version,
        },
    ),
    "initiatives.charter_publish": Send(
        LEADING, lambda w: {"note": "The first", "version": w.first_draft.version}, on("drafted"), "wording_only"
    ),
    "initiatives.charter_sign": Send(HEADS, says(stance="signed", words="Yes", number=1)),
    "initiatives.charter_override": Send(SPONSOR, WORDS, lambda w: {"ref": w.disputed.ref, "unit": w.it.slug}),
    "initiatives.charter_unsigned": Send(SPONSOR, WORDS, lambda w: {"ref": w.silent.ref, "unit": w.it.slug}),
    "initiatives.rate": Send(HEADS, says(rating=3, words="As others")),
    "initiatives.settle_priority": Send(SPONSOR, WORDS),
    # KPIs
    "kpis.new": Send("manager owner", says(**KPI), form_of="by_parts"),
    "kpis.edit": Send("manager owner lead", lambda w: {**KPI, "code": "NPS", "good": "up", "version": w.kpi.version}, form_of="by_parts"),
    "kpis.reading_new": Send("lead", says(day=EARLIER, **READING, unit_id="", segment="")),
    "kpis.reading_correct": Send("lead", says(**READING)),
    "importing.paste": Send("lead", says(figures="30", first=EARLIER, unit_id="", segment="")),
    "kpis.targets": Send("lead manager", says(figure="30", day=LATER)),
    "kpis.target_remove": Send("lead manager"),
    "kpis.benchmarks": Send("lead manager", says(figure="30", day=DAY, source="A panel")),
    "kpis.benchmark_remove": Send("lead manager"),
    # Goals
    "goals.new": Send(
        LEADING, lambda w: {**GOAL, "kpi_id": w.kpi.id, "horizon": "leading", "aim": "customer", "confidence": "", "owner_id": ""},
        form_of="horizon aim",
    ),
    "goals.edit": Send(
        LEADING, lambda w: {
            **GOAL, "kpi_id": w.kpi.id, "aim": "customer", "confidence": "", "owner_id": "", "version": w.goal.version
        }, form_of="aim",
    ),
    "goals.rebaseline": Send(SPONSOR, says(**TERMS, words="Half of it"), lambda w: {"ref": w.piloting.ref, "id_": w.locked.id}),
    "goals.drop": Send(LEADING, WORDS),
    "goals.checkpoints": Send(LEADING, says(first_on=FAR, second_on="", third_on=""), on("proving")),
    "goals.checkpoint": Send(LEADING, WORDS, lambda w: {"ref": w.proving.ref, "id_": w.due.id}),
    "goals.result": Send(LEADING, says(result="partly", lesson="Ask earlier."), on("proving"), "result"),
    # Milestones
    "milestones.new": Send(
        LEADING, says(name="All read it", due_on=LATER, opens="piloting", criteria="Ten\nMore", measures=["no_blockers"])
    ),
    "milestones.gates": Send(LEADING, says(plan="", designing=LATER, piloting=FAR), form_of="rolling_out proving_benefit realised"),
    "milestones.edit": Send(
        LEADING, lambda w: {"name": "Twelve read it", "criteria": "Twelve", "measures": ["goal_whole"], "version": w.milestone.version}
    ),
    "milestones.due_date": Send(LEADING, lambda w: {"due_on": FAR, "words": "Later", "version": w.milestone.version}),
    "milestones.reaching": Send(LEADING, where=lambda w: {"key": w.plain_milestone.id}),
    "milestones.dropping": Send(LEADING, WORDS),
    "milestones.taking_up": Send(LEADING, where=lambda w: {"key": w.dropped_milestone.id}),
    "milestones.criterion": Send(LEADING, says(words="All ten did", link="https://example.org/ten")),
    "milestones.reopening": Send(LEADING, where=lambda w: {"key": w.met_milestone.id, "id_": w.met_criterion.id}),
    # Money
    "benefits.enter": Send(LEADING, says(planned="100", forecast="", realised=""), on("initiative", quarter="2026-Q1")),
    "benefits.confirm": Send("finance", where=on("initiative", quarter="2025-Q4")),
    # Reports
    "updates.new": Send(LEADING, says(**UPDATE)),
    "updates.correct": Send(LEADING, says(**UPDATE)),
}  # fmt: skip
