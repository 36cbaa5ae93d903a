"""The page of one verb of an action: what will happen, the form, and the road that every verb takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.actions.states import Verb, refusal
from tracker.errors import NotNow
from tracker.forms import Form
from tracker.gate import me, safe_next
from tracker.web import done, posting, render


@dataclass(frozen=True)
class Act:
    """How the page of a verb reads: its heading, what will happen, and the button that names it."""

    verb: Verb
    title: str
    sentence: str
    button: str
    said: str
    danger: bool = False
    replaces: Mapping[str, Any] | None = None  # what stands in the fields of its form now
    seen: Callable[[Action], Any] | None = None  # what is decided on, as the form showed it
    leaves: bool = False  # a partner sees the action no longer


def act_page(action: Action, form: Form, act: Act, do: Callable[[Action], Any]) -> Any:
    """Show the form of a verb, or do it. Raises `NotNow` where it cannot follow the present state."""
    back = safe_next(request.args.get("back"))
    if request.method == "POST" and form.validate():
        with posting() as post:
            fresh = post.again(action)
            if act.replaces is not None:
                stands = {name: getattr(fresh, name) for name in act.replaces}
                post.same_version(fresh, form, stands)
            if act.seen is not None:
                words = _("This action changed since you opened it. Look at it before you decide.")
                post.still(act.seen(fresh), words, version=fresh.version)
            do(fresh)
            post.answer(back or _place(fresh, act), act.said)
        return done(post)
    if not action.can(act.verb):
        raise NotNow(refusal(act.verb, action.state))
    return render(
        "actions/act.html",
        status=422 if form.errors else 200,
        form=form,
        act=act,
        action=action,
        seen=act.seen(action) if act.seen else None,
        back=back or page_of(action.ref, me()),
    )


def _place(action: Action, act: Act) -> str:
    if act.leaves and not me().is_internal:
        return url_for("partners.home")
    return page_of(action.ref, me())
