"""Several initiatives at once: chosen on the list, changed by one form, each by its own rules."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import NotNow
from tracker.gate import allow, me
from tracker.initiatives.bulk import ACTS, BulkAct, Outcome, carry_out, could, locked
from tracker.initiatives.listing import named
from tracker.initiatives.pages import chosen_ids, list_onward, pages
from tracker.initiatives.stages import stage_name
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import listed, ngettext, today


@pages.route(
    '/initiatives/bulk/<any(sponsor, lead, "lead-unit", team, theme):what>', methods=["GET", "POST"]
)
@allow(May.edit_in_bulk)
def bulk(what: str) -> Any:
    """Show the form for the chosen initiatives, or do it: what can be done is done, what cannot says why."""
    act = ACTS[what]
    ids = chosen_ids()
    if not ids:
        return render("initiatives/bulk_none.html", status=422, act=act, back=list_onward())
    form = act.form(by=me()) if request.method == "POST" else act.form(formdata=None, by=me())
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiatives = locked(post.person, ids)
            seen = request.form.getlist("seen")
            outcome = carry_out(act, form, initiatives, by=post.person, now=now(), seen=seen)
            if not outcome.done:
                raise NotNow(_refusals(outcome))
            post.answer(list_onward(), _said(outcome))
        if not outcome.refused:
            return done(post)
        return render(
            "initiatives/bulk_done.html",
            heading=act.heading,
            outcome=outcome,
            said=_said(outcome),
            back=list_onward(),
        )
    return _page(what, act, form, ids)


def _page(what: str, act: BulkAct, form: Any, ids: list[int]) -> Any:
    rows = named(me(), ids, today())
    return render(
        "initiatives/bulk.html",
        status=422 if request.method == "POST" else 200,
        act=act,
        form=form,
        rows=rows,
        seen=request.form.getlist("seen") or [act.seen(row) for row in rows],
        barred=[row for row in rows if not could(me(), act, row)],
        action=url_for("initiatives.bulk", what=what, back=request.args.get("back")),
        back=list_onward(),
        stage_name=stage_name,
    )


def _said(outcome: Outcome) -> str:
    count, refused = len(outcome.done), len(outcome.refused)
    words = ngettext("%(num)s initiative is changed.", "%(num)s initiatives are changed.", count)
    if not refused:
        return words
    left = ngettext("%(num)s is left as it was.", "%(num)s are left as they were.", refused)
    return _("%(done)s %(left)s", done=words, left=left)


def _refusals(outcome: Outcome) -> str:
    """Return every reason once, with the numbers it is about: nothing was changed at all."""
    reasons: dict[str, list[str]] = {}
    for initiative, words in outcome.refused:
        reasons.setdefault(words, []).append(initiative.ref)
    return " ".join(
        words if refs[0] in words else _("%(refs)s: %(reason)s", refs=listed(refs), reason=words)
        for words, refs in reasons.items()
    )
