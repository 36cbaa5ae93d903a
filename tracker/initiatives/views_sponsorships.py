"""What waits for an executive to sponsor, many accepted at once; for everybody else, who has not answered yet."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.bulk import Outcome
from tracker.bulk_pages import chosen_ids, outcome_of_bulk
from tracker.clock import now
from tracker.db import db
from tracker.errors import NotNow
from tracker.gate import allow, me
from tracker.initiatives.bulk import MANY, locked
from tracker.initiatives.forms import WordsForm
from tracker.initiatives.pages import pages
from tracker.initiatives.proposals import open_proposals
from tracker.initiatives.stages import stage_name
from tracker.organisation.people import Role
from tracker.policy import May, may
from tracker.web import posting, render
from tracker.wording import ngettext, today


class NoneDone(NotNow):
    """None of the chosen could be answered."""


@pages.get("/sponsorships")
@allow(May.read_internal)
def sponsorships() -> Any:
    """List the proposals that wait for this person, then those that wait for others."""
    return _page()


@pages.post("/sponsorships/acceptance")
@allow(May.sponsor_in_bulk)
def accept_many() -> Any:
    """Accept the chosen proposals: each opens `framed`, or is adopted as it stands."""
    ids = chosen_ids()
    if not ids:
        return _page(unchosen=True)
    try:
        return _accepted(ids)
    except NoneDone as refusal:
        db.session.rollback()
        return _page(refused=refusal.words, chosen=ids)


def _accepted(ids: list[int]) -> Any:
    with posting() as post:
        outcome, moment = Outcome(), now()
        for initiative in locked(post.person, ids):
            _answer(outcome, initiative, post.person, moment, None)
        _need_some(outcome)
        words = ngettext(
            "You sponsor %(num)s more initiative.",
            "You sponsor %(num)s more initiatives.",
            len(outcome.done),
        )
        post.answer(url_for("initiatives.sponsorships"), words)
    return _answered(post, outcome, words)


@pages.route("/sponsorships/refusal", methods=["GET", "POST"])
@allow(May.sponsor_in_bulk)
def decline_many() -> Any:
    """Decline the chosen proposals, with one reason for all of them."""
    ids = chosen_ids()
    answers = (
        "words" in request.form
    )  # without them, somebody came from the list with the chosen rows
    form = WordsForm() if answers else WordsForm(formdata=None)
    if not ids:
        return _page(unchosen=True)
    if answers and form.validate():
        with posting() as post:
            outcome, moment = Outcome(), now()
            for initiative in locked(post.person, ids):
                _answer(outcome, initiative, post.person, moment, str(form.words.data))
            _need_some(outcome)
            words = ngettext(
                "You declined %(num)s sponsorship.",
                "You declined %(num)s sponsorships.",
                len(outcome.done),
            )
            post.answer(url_for("initiatives.sponsorships"), words)
        return _answered(post, outcome, words)
    mine = open_proposals(me(), today()).mine
    return render(
        "initiatives/decline.html",
        status=422 if answers else 200,
        form=form,
        rows=[row for row in mine if row.id in ids],
    )


def _page(*, unchosen: bool = False, refused: str = "", chosen: Collection[int] = ()) -> Any:
    return render(
        "initiatives/sponsorships.html",
        status=409 if refused else 422 if unchosen else 200,
        refused=refused,
        chosen=chosen,
        asked=me().role == Role.executive,
        proposals=open_proposals(me(), today()),
        unchosen=unchosen,
        stage_name=stage_name,
    )


def _answer(outcome: Outcome, initiative: Any, person: Any, moment: Any, words: str | None) -> None:
    """Accept, or with `words` decline, one of them; what cannot be answered any more says why."""

    def answer() -> None:
        if not may(person, May.answer_sponsorship, initiative):
            raise NotNow(
                _(
                    "No sponsorship of %(ref)s is waiting for this answer any more.",
                    ref=initiative.ref,
                )
            )
        if words is None:
            initiative.accept_sponsorship(by=person, now=moment)
        else:
            initiative.decline_sponsorship(by=person, now=moment, words=words)

    outcome.attempt(initiative, answer)


def _need_some(outcome: Outcome) -> None:
    if not outcome.done:
        raise NoneDone(outcome.refusals(MANY))


def _answered(post: Any, outcome: Outcome, words: str) -> Any:
    return outcome_of_bulk(
        post,
        MANY,
        outcome,
        heading=_("Sponsorship"),
        said=words,
        back=url_for("initiatives.sponsorships"),
    )
