"""The page of one verb of an action, and where one goes after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.forms import Form
from tracker.gate import me, safe_next
from tracker.verb_pages import Act, page_of_act


def act_page(
    action: Action,
    form: Form,
    act: Act,
    do: Callable[[Action], Any],
    *,
    leaves: bool = False,
    more: Callable[[], Mapping[str, Any]] = dict,
) -> Any:
    """Show the form of a verb, or do it; `leaves`: a partner sees the action no longer. Raises `NotNow` like `page_of_act`.

    `more` is asked for what the page shows besides.
    """
    page, back = page_of(action.ref, me()), safe_next(request.args.get("back"))
    gone = leaves and not me().is_internal
    return page_of_act(
        "actions/act.html",
        action,
        form,
        act,
        do,
        to=back or (url_for("partners.home") if gone else page),
        changed=_("This action changed since you opened it. Look at it before you decide."),
        context=lambda: {"action": action, "back": back or page, **more()},
    )
