"""Who somebody is here: one of ours or a partner's contact, with access or without, and here to work or only to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.ext.hybrid import hybrid_property

from tracker.organisation.roles import NO_DUTIES, Role


class Belonging:
    """What the role and the access of a person make of them."""

    if TYPE_CHECKING:
        role: Any
        ended_at: Any

    @property
    def is_internal(self) -> bool:
        """Everybody but the contacts of partners."""
        return self.role != Role.partner

    @property
    def is_active(self) -> bool:
        """Their access has not ended."""
        return self.ended_at is None

    @hybrid_property
    def works_here(self) -> bool:
        """Somebody of ours who has access and may have duties; in a statement as well."""
        return self.is_active and self.role not in NO_DUTIES

    @works_here.inplace.expression
    @classmethod
    def _works_here(cls) -> ColumnElement[bool]:
        return and_(cls.ended_at.is_(None), cls.role.not_in(NO_DUTIES))
