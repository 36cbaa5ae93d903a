"""What a person is here."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is here; everybody has exactly one."""

    manager = "manager"
    executive = "executive"
    member = "member"
    auditor = "auditor"
    partner = "partner"


NO_DUTIES = (Role.partner, Role.auditor)  # nothing is given to them to answer for inside


class Standing(StrEnum):
    """Kept beside the role: so the database itself refuses a sponsor who is no active executive."""

    executive = "executive"
    other = "other"
