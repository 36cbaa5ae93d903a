"""What is for no partner at all does not exist for their contacts (rule 21), whatever else is wrong with a request for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, request
from flask_login import current_user
from werkzeug.exceptions import BadRequest, MethodNotAllowed

from tracker.errors import Missing
from tracker.front import PERSON
from tracker.policy import for_partners


def hide() -> None:
    """Raise `Missing` where a contact asks for such an address, before anything of it is looked at."""
    act = getattr(_asked(), "act", None)
    if act is None or for_partners(act):
        return
    if current_user.is_authenticated and not current_user.is_internal:
        request.environ[PERSON] = current_user.id
        raise Missing


@contextmanager
def hiding() -> Iterator[None]:
    """Look inside at a form before anybody is looked up, and hide the address after it, also where the form is refused.

    Whoever is no longer signed in loses their session when they are looked up, and the token of the form with it.
    """
    try:
        yield
    except BadRequest:
        hide()
        raise
    hide()


def _asked() -> Any:
    """Return the view behind the address, also where it takes another method than that of this request; None for none."""
    endpoint, refused = request.endpoint, request.routing_exception
    if isinstance(refused, MethodNotAllowed) and refused.valid_methods:
        adapter = current_app.create_url_adapter(request)
        endpoint = adapter.match(method=min(refused.valid_methods))[0] if adapter else None
    return current_app.view_functions[endpoint] if endpoint else None
