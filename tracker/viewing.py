"""Who looks: the language, time zone, calendar, digits and colours that a page is made for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import current_app, g, has_request_context, request
from flask_login import current_user

from tracker import languages
from tracker.clock import local_day, now

LANGUAGES = languages.NAMES
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


class Looks:
    """How pages read for somebody, told without the database: it may be what failed.

    It stands in for the person (`g.viewer`) and, in `organisation`, for the settings.
    """

    def __init__(self, person: Any, organisation: Any) -> None:
        self.language, self.time_zone = person.language, person.time_zone
        self.day_calendar, self.digits, self.theme = (
            person.day_calendar,
            person.digits,
            person.theme,
        )
        self.organisation = SimpleNamespace(
            product_name=organisation.product_name,
            language=organisation.language,
            time_zone=organisation.time_zone,
            currency=organisation.currency,
        )


def _viewer() -> Any:
    if has_request_context() and (stand_in := g.get("viewer")):
        return stand_in
    return (
        current_user
        if has_request_context() and current_user and current_user.is_authenticated
        else None
    )


def language() -> str:
    """Return the language of this request: the person's, else what was chosen or asked for, else the organisation's."""
    viewer = _viewer()
    if viewer and viewer.language in LANGUAGES:
        return viewer.language
    if not has_request_context():
        return "en"
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    for wanted in request.accept_languages.values():
        found = languages.locale_named(wanted)
        if found:
            return found
    organisation = g.get("organisation")
    return organisation.language if organisation else languages.SOURCE


def zone() -> str:
    """Return the time zone of whoever looks."""
    viewer = _viewer()
    organisation = g.get("organisation") if has_request_context() else None
    return (viewer and viewer.time_zone) or (organisation and organisation.time_zone) or "UTC"


def today() -> date:
    """Return the calendar day it is for whoever looks."""
    return local_day(now(), zone())


def jalali() -> bool:
    """Tell whether dates read in the Jalali calendar: chosen, or by default in Persian."""
    viewer = _viewer()
    choice = viewer.day_calendar if viewer else "auto"
    return choice == "jalali" or (choice == "auto" and language() == "fa")


def persian_digits() -> bool:
    """Tell whether digits read as Persian ones: chosen, or by default in Persian."""
    viewer = _viewer()
    choice = viewer.digits if viewer else "auto"
    return choice == "persian" or (choice == "auto" and language() == "fa")


def digits(text: str) -> str:
    """Return `text` with the digits of whoever looks."""
    if persian_digits():
        return text.translate(_PERSIAN_DIGITS)
    viewer = _viewer()
    latin = viewer is not None and viewer.digits == "latin"
    return unicodedata.normalize("NFKC", text) if latin else text


def tag() -> str:
    """Return the language tag of the page: zh_Hans reads zh-Hans."""
    return languages.html_lang(language())


def theme() -> str:
    """Return light, dark or auto."""
    viewer = _viewer()
    return viewer.theme if viewer else request.cookies.get("theme", "auto")


@contextmanager
def reading_as(person: Any, organisation: Any) -> Iterator[None]:
    """Let everything inside read as it does for `person`, wherever this runs: for what is sent to them.

    Addresses are paths from the root; put the configured base in front.
    """
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), app.test_request_context(base_url="http://localhost/"):
        g.viewer, g.organisation = person, organisation
        yield
