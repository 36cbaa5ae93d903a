"""A decision that asks for it is made by somebody who proved lately who it is, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from tests.approvals.ruled import FRESH, SECOND, requested, set_rules, stands
from tests.cast import PASSWORD
from tests.filled import form_to
from tracker.approvals.rules import Fresh, Rules
from tracker.approvals.states import State
from tracker.db import writing
from tracker.initiatives.stages import Stage
from tracker.organisation.sign_ins import SignIn

ALWAYS = Rules(fresh=Fresh.always)


def age(app: Any, clock: Any) -> None:
    """Let every sign-in be older than the ten minutes that a proof counts."""
    with app.app_context(), writing() as session:
        session.execute(update(SignIn).values(proved_at=clock() - timedelta(minutes=11)))


@pytest.fixture
def asked(told: Any, cast: SimpleNamespace, clock: Any) -> int:
    """A request that asks for a fresh sign-in, for its amount."""

    def put() -> int:
        set_rules(FRESH, cast, clock())
        return requested(cast, clock())

    return told(put)


@pytest.mark.parametrize(
    ("act", "fields"),
    [("approval", {}), ("not-yet", {"decision": "sent_back", "words": "Ring ten more."}), ("condition", {})],
)  # fmt: skip
def test_an_old_sign_in_is_asked_again_and_what_was_typed_goes_on(
    app, cast, as_, asked, clock, act, fields
):
    """Planted: `fresh` left off each of the views in turn; the fields not sent on."""
    if act == "condition":
        day = (clock() + timedelta(days=9)).date().isoformat()
        fields = {"words": "Ring ten", "owner_id": str(cast.member.id), "due_on": day}
    tab, page = as_(cast.executive), f"/approvals/{asked}"
    age(app, clock)
    opened = page if act == "approval" else f"{page}/{act}"
    sent = form_to(tab.get(opened).text, f"{page}/{act}", opened) | fields
    first = tab.post(f"{page}/{act}", data=sent)
    assert first.status_code == 403
    assert "Confirm that it is you" in first.text
    assert stands(app, asked).state == State.submitted
    again = form_to(first.text, f"{page}/{act}")
    assert all(again.get(name) in (value, [value]) for name, value in fields.items())
    wrong = tab.post(f"{page}/{act}", data={**again, "proof_secret": "not it"})
    assert wrong.status_code == 422
    assert stands(app, asked).state == State.submitted
    answer = tab.post(
        f"{page}/{act}", data={**form_to(wrong.text, f"{page}/{act}"), "proof_secret": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, f"{page}/done")
    assert stands(app, asked).state != State.submitted


def test_a_fresh_sign_in_is_not_asked_again(app, cast, as_, asked):
    """Planted: asked whatever the age."""
    answer = as_(cast.executive).submit(f"/approvals/{asked}/approval")
    assert answer.status_code == 303
    assert stands(app, asked).state == State.decided


@pytest.mark.parametrize(("cost", "wanted"), [(10_000, 303), (10_001, 403), (None, 403)])
def test_only_above_the_amount(app, cast, as_, told, clock, cost, wanted):
    """Planted: every request asked for it."""

    def put() -> int:
        set_rules(FRESH, cast, clock())
        return requested(cast, clock(), cost=cost)

    id_ = told(put)
    tab = as_(cast.executive)
    age(app, clock)
    assert tab.submit(f"/approvals/{id_}/approval").status_code == wanted


def test_finance_is_asked_as_well(app, cast, as_, told, clock):
    """Planted: `fresh` left off `second`, off `give_back`."""

    def put() -> int:
        set_rules(Rules(finance=SECOND.finance, fresh=Fresh.always), cast, clock())
        return requested(cast, clock(), at=Stage.piloting)

    id_ = told(put)
    as_(cast.executive).submit(f"/approvals/{id_}/approval")
    tab = as_(cast.finance)
    age(app, clock)
    for act in ("second", "return"):
        assert tab.submit(f"/approvals/{id_}/{act}", words="No.").status_code == 403
    assert stands(app, id_).state == State.agreed
    answer = tab.submit(f"/approvals/{id_}/second", proof_secret=PASSWORD)
    assert answer.status_code == 303
    assert stands(app, id_).state == State.decided


def test_switched_on_later_it_asks_nobody_whose_request_was_open(app, cast, as_, told, clock):
    """Planted: the rules of now asked instead of those that the request holds."""
    id_ = told(lambda: requested(cast, clock()))
    told(lambda: set_rules(ALWAYS, cast, clock()))
    tab = as_(cast.executive)
    age(app, clock)
    assert tab.submit(f"/approvals/{id_}/approval").status_code == 303


def test_guesses_are_counted(app, cast, as_, asked, clock):
    """As they are at the door. Planted: `AGAIN` left out."""
    tab, address = as_(cast.executive), f"/approvals/{asked}/approval"
    age(app, clock)
    for _guess in range(10):
        assert tab.submit(address, proof_secret="wrong").status_code == 422
    assert tab.submit(address, proof_secret=PASSWORD).status_code == 429
    assert stands(app, asked).state == State.submitted
