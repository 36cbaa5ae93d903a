"""The keys of submits are kept for a week, and then forgotten by themselves.

Planted faults seen red: the sweep not registered; the comparison turned round.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.cast import START
from tracker.db import db, writing
from tracker.organisation.submissions import KEPT, Submission
from tracker.sweeping import sweep


def test_a_sweep_forgets_the_keys_of_submits_older_than_a_week(app: Flask, cast: Any) -> None:
    with app.app_context():
        with writing() as session:
            for key, at in (
                ("old", START - KEPT - timedelta(seconds=1)),
                ("young", START - KEPT + timedelta(seconds=1)),
            ):
                session.add(
                    Submission(person_id=cast.lead.id, route="x", key=key, body_hash="", at=at)
                )
        assert sweep(START)["submissions"] == 1
        assert list(db.session.scalars(select(Submission.key))) == ["young"]
        assert sweep(START)["submissions"] == 0
