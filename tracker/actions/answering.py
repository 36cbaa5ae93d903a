"""The obvious answers to an action, for whom they are open at this moment: what mails offer, and what their page asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.actions.models import Action
from tracker.actions.states import MOVES, OVER, Verb, refusal
from tracker.organisation.people import Person
from tracker.policy import May, may
from tracker.wording import day
from tracker.wording import lazy as _l

WORDS: Mapping[Verb, Any] = {
    Verb.accept: _l("Accept"),
    Verb.return_: _l("Return it"),
    Verb.accept_date: _l("Accept the date"),
    Verb.decline_date: _l("Keep the present date"),
    Verb.acknowledge: _l("Acknowledge"),
    Verb.start: _l("Start"),
    Verb.submit: _l("Hand it in"),
    Verb.finish: _l("It is done"),
    Verb.propose_date: _l("Propose another date"),
}
PAIRS = (
    (May.accept_action, (Verb.accept, Verb.return_)),
    (May.host_action, (Verb.accept_date, Verb.decline_date)),
    (May.do_action, (Verb.acknowledge, Verb.start)),
    (May.do_action, (Verb.submit, Verb.propose_date)),
    (May.do_action, (Verb.finish, Verb.propose_date)),
)
ASKS = {verb: act for act, verbs in PAIRS for verb in verbs}


def answers(action: Any, person: Any) -> list[tuple[Verb, ...]]:
    """Return the answers that `person` can give now, each with those beside it: what is handed in first, then a date, then work.

    `action` is one, or a row with the fields that the policy asks, `state`, `proposed_on`, `criteria`
    and `looked_at`.
    """
    found = []
    for act, verbs in PAIRS:
        open_ = tuple(verb for verb in verbs if _is_open(verb, action))
        if open_ and verbs[0] in (*open_, Verb.acknowledge) and may(person, act, action):
            found.append(open_)
    return found


def _is_open(verb: Verb, action: Any) -> bool:
    if action.state not in MOVES[verb][0]:
        return False
    if verb in (Verb.accept_date, Verb.decline_date):
        return action.proposed_on is not None
    waits = action.state in MOVES[Verb.start][0]
    if verb in (Verb.submit, Verb.finish, Verb.propose_date) and waits:
        return False  # it is acknowledged or started first
    if verb not in (Verb.submit, Verb.finish):
        return True
    looked_at = action.partner_id is not None or action.criteria or action.looked_at
    return (verb == Verb.submit) == bool(looked_at)


def answer_page(ref: str, person: Any, verb: Verb | None = None) -> str:
    """Return the address at which `person` answers; a mail's button names the answer it stands for."""
    endpoint = "actions.answer" if person.is_internal else "partners.answer"
    return url_for(endpoint, ref=ref, to=verb.value if verb else None)


def offered(row: Any, person: Any) -> tuple[tuple[str, str], ...]:
    """Return the buttons of a mail about an action: (words, path) of what can be answered at this moment."""
    return tuple(
        (str(WORDS[verb]), answer_page(row.ref, person, verb))
        for pair in answers(row, person)[:1]
        for verb in pair
    )


def asked_for(value: str | None) -> Verb | None:
    """Return the answer that an address names; None for none that there is."""
    return next((verb for verb in ASKS if verb.value == value), None)


def shown(action: Action, person: Person, wanted: Verb | None) -> dict[str, Any]:
    """Return what the page of the answers shows: `pairs`, the wanted answer first, and in `stale` why that cannot be given any more."""
    pairs = answers(action, person)
    first = next((pair for pair in pairs if wanted in pair), None)
    stale = "" if first or wanted is None else _why_not(wanted, action, person)
    if not pairs and not stale:
        stale = _nothing(action, person)
    if first is not None and wanted is not None:
        rest = tuple(verb for verb in first if verb != wanted)
        pairs = [(wanted, *rest), *(pair for pair in pairs if pair != first)]
    return {"pairs": pairs, "stale": stale, "words": WORDS, "Verb": Verb}


def _why_not(verb: Verb, action: Action, person: Person) -> str:
    if action.state in OVER:
        return refusal(verb, action.state)
    if not may(person, ASKS[verb], action):
        return _nothing(action, person)
    if verb in (Verb.accept_date, Verb.decline_date):
        return _("The proposed date was answered, or taken back. It is due %(day)s.", day=day(action.due_on))  # fmt: skip
    return refusal(verb, action.state)


def _nothing(action: Action, person: Person) -> str:
    """Return where it stands for somebody who has nothing to answer."""
    if action.state in OVER:
        return refusal(Verb.report, action.state)
    if may(person, May.do_action, action):
        return refusal(Verb.report, action.state)
    doer = action.partner or action.assignee
    name = doer.name if doer else ""
    return _(
        "Nothing waits for your answer here. %(name)s does this action, and %(host)s accepts it.",
        name=name,
        host=action.host.name,
    )
