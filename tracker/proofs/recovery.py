"""Recovery codes: ten for each person, for the day on which the phone is gone. Each works once."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db
from tracker.organisation.people import Person
from tracker.proofs.sealing import recognised

HOW_MANY = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without what is easily taken for something else
LETTERS = (
    15  # of 31: 74 bits, so a fast keyed hash is enough (NIST SP 800-63B-4, 3.1.2 asks for 20)
)
GROUP = 5


class RecoveryCode(Model):
    """One code, known by its keyed hash alone."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_person_id", "person_id"),)

    on_trail: ClassVar[Declared] = declare("person_id made_at used_at", "code_hash")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


def make_new(person: Person, *, by: Person, now: datetime) -> list[str]:
    """Make ten codes and return them, the only time they are known. Those from before stop working."""
    in_turn(person)
    forget(person)
    codes = [_drawn() for _each in range(HOW_MANY)]
    db.session.add_all(
        RecoveryCode(person_id=person.id, code_hash=_hash(person, code), made_at=now)
        for code in codes
    )
    person.record(Kind.person_recovery_codes_made, by=by, now=now, after={"count": HOW_MANY})
    return codes


def in_turn(person: Person) -> None:
    """Let whoever else changes what `person` has wait for the end of this write, so that two cannot each leave what the other takes."""
    row = select(Person.id).where(Person.id == person.id)
    db.session.execute(row.with_for_update(key_share=True))


def forget(person: Person) -> None:
    """Let no code of `person` work any longer."""
    for code in db.session.scalars(select(RecoveryCode).where(RecoveryCode.person_id == person.id)):
        db.session.delete(code)
    db.session.flush()


def left(person: Person) -> int:
    """Return how many codes of `person` still work."""
    unused = RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def is_recovery_code(person: Person, typed: str) -> bool:
    """Tell whether `typed` would work. Nothing is written."""
    return db.session.scalar(_unused(person, typed).with_only_columns(RecoveryCode.id)) is not None


def use_recovery_code(person: Person, typed: str, *, now: datetime) -> bool:
    """Let a code count, inside a write; False for a wrong one, and for one that was used before."""
    code = db.session.scalars(_unused(person, typed).with_for_update()).one_or_none()
    if code is None:
        return False
    code.used_at = now
    db.session.flush()
    person.record(Kind.person_recovery_code_used, by=person, now=now, after={"left": left(person)})
    return True


def _unused(person: Person, typed: str) -> Select[RecoveryCode]:
    same = RecoveryCode.person_id == person.id, RecoveryCode.code_hash == _hash(person, typed)
    found = select(RecoveryCode).where(*same, RecoveryCode.used_at.is_(None))
    return found.execution_options(populate_existing=True)


def _drawn() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _each in range(LETTERS))
    return "-".join(letters[start : start + GROUP] for start in range(0, LETTERS, GROUP))


def _hash(person: Person, typed: str) -> str:
    plain = "".join(c for c in typed.casefold() if c.isalnum())
    return recognised(f"{person.id} {plain}", use="recovery codes")
