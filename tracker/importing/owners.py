"""The initiatives that rows of a file name: by number, outside id or title, all of them in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import or_, select

from tracker.db import db
from tracker.importing.bulk import Moved, among, chunks
from tracker.importing.matching import Read, Rejected
from tracker.initiatives.keeping import title_key
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.wording import listed


class Owner(NamedTuple):
    """An initiative as far as what it owns has to know."""

    id: int
    ref: str
    version: int
    lead_unit_id: int
    lead_id: int | None
    stage: Stage
    stopped: bool

    @property
    def ended(self) -> bool:
        """Realised or stopped: nothing more is decided."""
        return self.stopped or self.stage == Stage.realised


COLUMNS = (
    Initiative.id,
    Initiative.ref,
    Initiative.version,
    Initiative.lead_unit_id,
    Initiative.lead_id,
    Initiative.stage,
    Initiative.stopped_at.is_not(None).label("stopped"),
)


class Owners:
    """Finds the initiative that a row names."""

    def __init__(self, texts: Iterable[str]) -> None:
        named = sorted(set(texts))
        self._by_text: dict[str, list[Owner]] = {}
        for chunk in chunks(named):
            query = select(*COLUMNS, Initiative.outside_id, Initiative.title_key).where(
                or_(
                    Initiative.ref.in_([text.upper() for text in chunk]),
                    Initiative.outside_id.in_(chunk),
                    Initiative.title_key.in_([title_key(text) for text in chunk]),
                )
            )
            for row in db.session.execute(query):
                owner = Owner._make(row[: len(COLUMNS)])
                for text in {row.ref, row.outside_id, f"title {row.title_key}"} - {None}:
                    alike = self._by_text.setdefault(text, [])
                    alike.extend([owner] if owner not in alike else [])

    def of(self, row: Read) -> Owner:
        """The initiative that the row names. Raises `Rejected`."""
        text = row.values["initiative"]
        found = self._alike(text)
        if not found:
            raise Rejected("initiative", _("No initiative goes by “%(name)s”.", name=text))
        if len(found) > 1:
            refs = listed(owner.ref for owner in found)
            raise Rejected(
                "initiative", _("Several initiatives have this name: %(refs)s.", refs=refs)
            )
        return found[0]

    def id_of(self, row: Read) -> int | None:
        """The initiative's id where the name is clear."""
        found = self._alike(row.values["initiative"])
        return found[0].id if len(found) == 1 else None

    def ids(self) -> list[int]:
        """Every initiative that some row may mean."""
        return sorted({owner.id for alike in self._by_text.values() for owner in alike})

    def _alike(self, text: str) -> list[Owner]:
        for name in (text.upper(), text, f"title {title_key(text)}"):
            if name in self._by_text:
                return self._by_text[name]
        return []


def held(owners: dict[int, Owner]) -> dict[int, Initiative]:
    """Return the initiatives, locked in ascending id. Raises `Moved` unless they stand as they were planned for."""
    chosen = among(Initiative.id, sorted(owners))
    locked = select(*COLUMNS).where(chosen).order_by(Initiative.id).with_for_update()
    if {row.id: Owner._make(row) for row in db.session.execute(locked)} != owners:
        raise Moved
    fresh = select(Initiative).where(chosen).execution_options(populate_existing=True)
    return {one.id: one for one in db.session.scalars(fresh)}
