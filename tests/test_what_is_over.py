"""What has ended takes no form any more: a plain refusal, and nothing is another way than before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from tests.ended import end_one_of_each
from tests.midway import midway
from tests.original import Original
from tests.sending import address, body, named, sends
from tracker.db import db, writing
from tracker.organisation.throttling import SignInAttempt

# What may still be done with what is over, and why.
STILL = {
    "discussion.edit": "words are put right",
    "discussion.on_action": "one may still talk about it",
    "discussion.on_initiative": "one may still talk about it",
    "initiatives.copy": "a new one begins like it",
    "initiatives.new_on_board": "the board is only the way back",
    "organisation.partner_edit": "a name is put right, and terms are kept",
    "organisation.person_edit": "a name is put right",
    "organisation.finance_remove": "a right is taken away",
    "organisation.person_restoration": "somebody is let in again",
}
# In whose stead what is over stands, by the beginning of the address.
OVER = {
    "/initiatives/<ref>": {
        **dict.fromkeys(
            ("initiative", "paused", "piloting", "proving", "asked", "ready", "disputed", "silent", "drafted", "unsponsored"), "stopped"
        ),
        "membership": "stopped_membership", "update": "stopped_update",
    },
    "/actions/": dict.fromkeys(("action", "handed", "dated", "accepted"), "cancelled") | {"ours": "cancelled_of_ours"},
    "/blockers/": {"blocker": "withdrawn", "resolved": "withdrawn", "of_it": "withdrawn_of_it", "bargained": "withdrawn",
                   "contested": "withdrawn", "waiting": "withdrawn_of_it"},
    "/milestones/": {
        **dict.fromkeys(("milestone", "plain_milestone", "dropped_milestone", "met_milestone"), "stopped_milestone"),
        **dict.fromkeys(("criterion", "met_criterion"), "stopped_criterion"),
    },
    "/approvals/": {
        **dict.fromkeys(("approval", "request", "agreed", "settled_request"), "stopped_approval"), "condition": "stopped_condition",
    },
    "/boards/<slug>/": {"managers_board": "deleted_board"},
    "/admin/units/<": {"it": "closed", "billing": "closed"},
    "/admin/partners/<": {"vendor": "gone", "contact": "gone_contact"},
    "/admin/people/<": {"member": "left"},
    "/people/": {"executive": "left", "head": "left"},
    "/settings/finance/": {"finance": "left"},
    "/settings/stage-plans/<": {"stage_plan": "ended_plan"},
    "/deputyships/": {"deputyship": "revoked"},
    "/import/": {"managers_run": "applied_run"},
    "/invitations/": {"invitation": "used_invitation"},
    "/reset/": {"reset": "used_reset"},
}  # fmt: skip


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    made = midway(app, as_)
    end_one_of_each(app, made)
    return made


def test_what_is_over_takes_no_form(
    app: Flask, world: SimpleNamespace, original: Original, as_: Any
) -> None:
    """Found red, and mended: a deputy of somebody who had left, a member let go from stopped work, an imported file discarded."""
    wrong, asked = [], 0
    for rule, send in sends(app):
        stead = next((names for start, names in OVER.items() if rule.rule.startswith(start)), None)
        if stead is None or rule.endpoint in STILL:
            continue
        over = SimpleNamespace(
            **vars(world) | {name: getattr(world, of) for name, of in stead.items()}
        )
        there = address(app, rule, over, send)
        with app.app_context(), writing():  # one address tries every door a dozen times here
            db.session.execute(delete(SignInAttempt))
        for actor in send.allowed:
            tab = as_(None if actor == "nobody" else getattr(world, actor))
            status = tab.submit(there, **body(send, over)).status_code
            asked += 1
            said = f"{named(rule)} at {there} by {actor}: {status}"
            if original.changed:
                wrong.append(f"{said}, and changed something")
                original.put_back()
            elif status not in {403, 404, 409, 410, 422}:
                wrong.append(said)
    assert not wrong, "\n".join(wrong)
    assert asked > 100
