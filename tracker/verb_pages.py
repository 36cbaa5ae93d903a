"""The page of one verb: what will happen, the form, and the road that every verb of an action or a blocker takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from tracker.addresses import safe_next
from tracker.forms import Form
from tracker.web import done, posting, render


@dataclass(frozen=True)
class Act:
    """How the page of a verb reads: its heading, what will happen, and the button that names it."""

    verb: Any
    title: str
    sentence: str
    button: str
    said: str
    danger: bool = False
    replaces: Mapping[str, Any] | None = None  # what stands in the fields of its form now
    seen: Callable[[Any], Any] | None = None  # what is decided on, as the form showed it


def back_or(usual: str) -> str:
    """Return the page of ours that the address of a form names to go back to (`?back=`), else the `usual` one."""
    return safe_next(request.args.get("back")) or usual


def page_of_act(
    page: str,
    thing: Any,
    form: Form,
    act: Act,
    do: Callable[[Any], Any],
    *,
    to: str,
    changed: str,
    context: Callable[[], Mapping[str, Any]],
) -> Any:
    """Show the form of a verb of `thing`, a `Living`, on `page`, or do it and go on `to`.

    `changed` is said when what is decided on is another by now; `context` is asked for what the page shows besides. Raises
    `NotNow` where the verb cannot follow the present state.
    """
    if request.method == "POST" and form.validate():
        with posting() as post:
            fresh = post.again(thing)
            if act.replaces is not None:
                stands = {name: getattr(fresh, name) for name in act.replaces}
                post.same_version(fresh, form, stands)
            if act.seen is not None:
                post.still(act.seen(fresh), changed, version=fresh.version)
            do(fresh)
            post.answer(to, act.said)
        return done(post)
    thing.check(act.verb)
    return render(
        page,
        status=422 if form.errors else 200,
        form=form,
        act=act,
        seen=act.seen(thing) if act.seen else None,
        **context(),
    )
