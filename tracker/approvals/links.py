"""The address in the mail to whoever decides, and the one-time link that it is where the organisation allows it (rule 18).

The address names a person and a request, and is signed here. By itself it opens nothing: it leads to the sign-in. With a row
of this table beside it, it decides that one request once, for that one person, without a sign-in. The row holds a hash; a
token is made of the row's seed and the key of this place, so that no token waits in a table (as in `organisation.access`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.approvals.states import Decision
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import Missing
from tracker.organisation.access import VOID
from tracker.organisation.people import Person


class ApprovalLink(Model):
    """One link for one person to one request, as it was put at `made_at`. The token itself is nowhere kept."""

    __tablename__ = "approval_link"
    __table_args__ = (
        Index("ix_approval_link_approval_id", "approval_id", "person_id"),
        CheckConstraint("(used_at IS NULL) = (decision IS NULL)", name="used_to_decide"),
        CheckConstraint("expires_at > made_at", name="holds_a_while"),
    )

    on_trail: ClassVar[Declared] = declare(
        "approval_id person_id made_at expires_at used_at decision",
        "token_hash",
        left={"seed": "drawn by lot, and nothing without the key of this place"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    seed: Mapped[str] = mapped_column(String(43))  # or VOID, once it came back with a backup
    made_at: Mapped[datetime] = mapped_column(Instant)  # as its request was put
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[Decision | None] = mapped_column(enum_text(Decision))  # that it made

    def use(self, approval: Any, decision: Decision, *, by: Person, now: datetime) -> None:
        """Use it up for this decision, in the transaction that makes it, and say so on the trail."""
        self.used_at, self.decision = now, decision
        approval.by_link = True
        db.session.flush()
        approval.record(Kind.approval_link_used, by=by, now=now, after={"decision": decision.value})


def make_links(approval: Any, people: Iterable[int], *, now: datetime) -> None:
    """Make a link for each of `people` but whoever asked, where the request allows any; the event of its being put holds them."""
    if approval.link_hours is None:
        return
    for person_id in set(people) - {approval.asked_by_id, approval.drafted_by_id}:
        seed = secrets.token_urlsafe(32)
        db.session.add(
            ApprovalLink(
                approval_id=approval.id, person_id=person_id, seed=seed, made_at=now, expires_at=now + timedelta(hours=approval.link_hours),
                token_hash=_hash(token_for(approval.id, person_id, seed)),
            )
        )  # fmt: skip
    db.session.flush()


def address_for(approval_id: int, person_id: int, seed: str | None = None) -> str:
    """Return the path that a mail names; with the `seed` of a link it is that link."""
    return url_for(
        "approvals.by_mail", token=token_for(approval_id, person_id, None if seed == VOID else seed)
    )


def read(token: str) -> tuple[int, int]:
    """Return the numbers of the request and the person that a token names. Raises `Missing` for what was not signed here."""
    try:
        approval_id, person_id, *_seed = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise Missing from None
    return int(approval_id), int(person_id)


def link_of(token: str, *, locked: bool = False) -> ApprovalLink | None:
    """Return the one-time link that a token is, used or not; None for an address that is none."""
    found = select(ApprovalLink).where(
        ApprovalLink.token_hash == _hash(token), ApprovalLink.seed != VOID
    )
    found = found.execution_options(populate_existing=True)
    return db.session.scalars(found.with_for_update() if locked else found).one_or_none()


def form_key(link: ApprovalLink, seen: Any) -> str:
    """Return what a form of this link carries: it belongs to the link and to what was read, and no session is needed for it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"tracker.approve.form {link.token_hash} {seen}".encode(), "sha256").hex()  # fmt: skip


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="tracker.approve")


def token_for(approval_id: int, person_id: int, seed: str | None) -> str:
    """Return what names a person and a request in an address, signed here."""
    token = _signer().dumps([approval_id, person_id, *([seed] if seed else [])])
    return token if isinstance(token, str) else token.decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
