"""How roles, access and weekdays read, in the language of whoever looks."""

from __future__ import annotations

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _

from tracker.organisation.people import Role


def role_names() -> dict[str, str]:
    """Return what each role is called."""
    return {
        Role.manager.value: _("Programme manager"),
        Role.executive.value: _("Executive"),
        Role.member.value: _("Member"),
        Role.auditor.value: _("Auditor"),
        Role.partner.value: _("Partner contact"),
    }


def role_name(role: str) -> str:
    """Return what one role is called; the value itself where it is unknown."""
    return role_names().get(role, role)


def access_names() -> dict[str, str]:
    """Return the states of an account: open, invited and not yet in, ended."""
    return {
        "open": _("Has access"),
        "invited": _("Invited, not in yet"),
        "ended": _("Access ended"),
    }


def weekday_names() -> list[tuple[int, str]]:
    """Return (ISO weekday, name), from Monday on."""
    names = get_day_names("wide", locale=get_locale() or "en")
    return [(day, names[day - 1]) for day in range(1, 8)]
