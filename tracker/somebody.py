"""Whoever will ask: stands for a person in scopes and counts that become part of a statement which is built once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Integer, bindparam


@dataclass(frozen=True)
class Somebody:
    """Anybody with this role. Who it is stands in the parameters of `given`, so that the statement serves them all."""

    role: str | None
    is_internal: bool
    is_finance: bool = False

    id: ClassVar[Any] = bindparam("person", type_=Integer)
    partner_id: ClassVar[Any] = bindparam("partner", type_=Integer)

    @classmethod
    def like(cls, person: Any) -> Somebody:
        """Return the one that stands for `person`."""
        return cls(person.role, person.is_internal, person.is_finance)


def given(person: Any) -> dict[str, int | None]:
    """Return the parameters by which a statement of `Somebody` is asked for `person`."""
    return {"person": person.id, "partner": person.partner_id}
