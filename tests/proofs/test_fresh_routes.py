"""Which acts ask once more who it is: the committed map, and each of them tried.

`python -m tests.proofs.test_fresh_routes` writes the map anew. Planted faults seen red are named in each test.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.bodies_proofs import NO_ROWS
from tests.cast import PASSWORD
from tests.conftest import settings
from tests.midway import midway
from tests.original import Original
from tests.sending import address, body, named, sent_by_somebody
from tracker import create_app
from tracker.db import writing
from tracker.organisation.sign_ins import SignIn
from tracker.policy import May

FILE = Path(__file__).parents[1] / "fresh.txt"
# By these, somebody gives or takes access, changes what holds for all, or takes the trail along.
MATTERS = frozenset({May.manage_people, May.invite_contact, May.manage_settings, May.export_trail})
# Under them, and free all the same.
FREE = {
    "organisation.person_sessions_ending": "an alarm does not wait, and whoever is signed out signs in again",
    "notices.job_retry": "what was due is done once more, and nothing else",
    "notices.mail_retry": "what was due is sent once more, to the same reader",
}


def lines(app: Flask) -> list[str]:
    """Return "METHOD address" for every act that asks, sorted; "sometimes" beside those that ask for some rows alone."""
    found = []
    for rule in app.url_map.iter_rules():
        fresh = getattr(app.view_functions[rule.endpoint], "fresh", False)
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if fresh:
            method = "POST" if "POST" in methods else "GET"
            found.append((rule.rule, method, "  sometimes" if callable(fresh) else ""))
    return [f"{method:4} {rule}{more}" for rule, method, more in sorted(found)]


def test_the_map_is_the_committed_one(app: Flask) -> None:
    assert lines(app) == FILE.read_text("utf-8").splitlines()


def test_whatever_matters_asks(app: Flask) -> None:
    """Canary: `fresh` left off the view that ends an access."""
    silent = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        own = rule.rule.startswith(("/settings/security/", "/settings/password"))
        if "POST" not in (rule.methods or ()) or rule.endpoint in FREE:
            continue
        if (own or getattr(view, "act", None) in MATTERS) and not view.fresh:  # type: ignore[attr-defined]
            silent.append(f"{rule.rule}: give {view.__name__} `fresh=True`, or say in FREE why not")
    assert not silent, "\n".join(silent)


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    return midway(app, as_)


def test_each_of_them_does_nothing_before_the_proof_and_all_of_it_after(
    app: Flask, world: SimpleNamespace, original: Original, as_: Any
) -> None:
    """With the form that is right, by one who may. Canaries: the view before the proof; the fields not sent on."""
    wrong, tried = [], 0
    for rule, send in sent_by_somebody(app):
        if getattr(app.view_functions[rule.endpoint], "fresh", False) is not True:
            continue
        there, tab = address(app, rule, world, send), as_(getattr(world, send.allowed[-1]))
        with app.app_context(), writing() as session:
            session.execute(update(SignIn).values(proved_at=datetime(2026, 1, 1, tzinfo=UTC)))
        before = original.digest()
        asked = tab.submit(there, **body(send, world))
        if asked.status_code != 403 or "Confirm that it is you" not in asked.text:
            wrong.append(f"{named(rule)}: {asked.status_code} without a proof")
        wrong_one = tab.submit(there, **body(send, world), proof_secret="not this one at all")
        if wrong_one.status_code != 422 or original.digest() != before:
            wrong.append(f"{named(rule)}: {wrong_one.status_code} with a wrong one, or changed")
        done = tab.submit(there, **body(send, world), proof_secret=PASSWORD)
        if done.status_code != send.status:
            wrong.append(f"{named(rule)}: {done.status_code} with the proof, not {send.status}")
        if rule.endpoint not in NO_ROWS and original.digest() == before:
            wrong.append(f"{named(rule)}: nothing was done after the proof")
        original.put_back()
        tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > 18


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = create_app(settings(f"sqlite:///{folder}/routes.db", Path(folder)))
        FILE.write_text("\n".join(lines(made)) + "\n", "utf-8")
