"""What is for no partner at all does not exist for their contacts (rule 21), whatever else is wrong with a request for it.

Nor do they learn which words are taken: what an address takes, how it is spelt and what it speaks is told to them of none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from tracker.errors import Missing
from tracker.front import PERSON
from tracker.policy import for_partners


def hide() -> None:
    """Raise `Missing` where a contact asks for such an address, before anything of it is looked at."""
    if _may_be_there():
        return
    person: Any = current_user._get_current_object()
    if person.is_authenticated and not person.is_internal:
        request.environ[PERSON] = person.id
        raise Missing


@contextmanager
def hiding() -> Iterator[None]:
    """Look inside at a form before anybody is looked up, and hide the address after it, also where the form is refused.

    Whoever is no longer signed in loses their session when they are looked up, and the token of the form with it.
    """
    try:
        yield
    except HTTPException:
        hide()
        raise
    hide()


def _may_be_there() -> bool:
    """Tell whether what is asked for may be there for a contact, as far as the map of the addresses says."""
    if request.endpoint is None:
        return False  # also where it takes another method, speaks otherwise, or is spelt otherwise
    act = getattr(current_app.view_functions[request.endpoint], "act", None)
    return act is None or (for_partners(act) and request.method != "OPTIONS")
