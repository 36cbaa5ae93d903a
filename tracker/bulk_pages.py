"""The pages of acts on several things at once: the form for what was ticked on a list, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import request, url_for

from tracker.bulk import BulkAct, Many, Outcome, carry_out
from tracker.clock import now
from tracker.errors import NotNow
from tracker.gate import me, safe_next
from tracker.organisation.people import Person
from tracker.web import Post, done, posting, render

MOST_CHOSEN = 200  # things of one act


def chosen_ids() -> list[int]:
    """Return the ids of the rows that were ticked, each once and ascending, at most `MOST_CHOSEN`."""
    sent = request.form.getlist("ids") or request.args.getlist("ids")
    ids = {int(id_) for id_ in sent if id_.isascii() and id_.isdecimal() and len(id_) < 10}
    return sorted(ids)[:MOST_CHOSEN]


def page_of_bulk(
    page: str,
    many: Many,
    act: BulkAct,
    *,
    rows: Callable[[list[int]], Sequence[Any]],
    could: Callable[[Any], bool],
    locked: Callable[[Person, list[int]], Sequence[Any]],
    **context: Any,
) -> Any:
    """Show the form for the ticked things on `page`, or do it: what can be done is done, what cannot says why.

    `rows` reads what stands below the form, and `could` tells of one of them whether it is to be changed; `locked` loads
    the things themselves inside the write. `context` is what the page shows besides.
    """
    ids, sent = chosen_ids(), request.method == "POST"
    back = safe_next(request.args.get("back")) or url_for(f"{many.room}.index")
    if not ids:
        return render("layouts/bulk_none.html", status=422, many=many, act=act, back=back)
    form = act.form(by=me()) if sent else act.form(formdata=None, by=me())
    if sent and form.validate():
        with posting() as post:
            outcome = carry_out(
                act, many, form, locked(post.person, ids), by=post.person, now=now(), seen=request.form.getlist("seen")
            )  # fmt: skip
            if not outcome.done:
                raise NotNow(outcome.refusals(many))
            said = outcome.said(many)
            post.answer(back, said)
        return outcome_of_bulk(post, many, outcome, heading=act.heading, said=said, back=back)
    found = rows(ids)
    here = {**(request.view_args or {}), "back": request.args.get("back")}
    return render(
        page,
        status=422 if sent else 200,
        many=many,
        act=act,
        form=form,
        rows=found,
        seen=request.form.getlist("seen") or [act.seen(row) for row in found],
        barred=[row for row in found if not could(row)],
        action=url_for(str(request.endpoint), **here),
        back=back,
        **context,
    )


def outcome_of_bulk(
    post: Post, many: Many, outcome: Outcome, *, heading: Any, said: str, back: str
) -> Any:
    """Go on where the post answered; where some refused, show which and why first."""
    if not outcome.refused:
        return done(post)
    return render(
        "layouts/bulk_done.html", many=many, outcome=outcome, heading=heading, said=said, back=back
    )
