"""The way back: an archive becomes an installation in an empty place, all of it or nothing.

Until the last step everything lies under names that nothing reads, and the folder `restoring` makes every command refuse
to start. The database comes last: on SQLite by the renaming of its finished file, on PostgreSQL by one commit. What a
kill leaves behind is cleared away by the next attempt.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from tracker import create_app, migrating
from tracker.activity import verify
from tracker.db import db
from tracker.keeping import manifest
from tracker.keeping.forgetting import end_what_was_open
from tracker.keeping.loading import Loading, go_on_counting, without_foreign_keys
from tracker.keeping.opening import Archive
from tracker.keeping.placing import Place, close_draft
from tracker.keeping.sealing import AT_ONCE, Unusable


@dataclass
class Restored:
    """What was put back; `after` is the schema's revision now, `cautions` what the operator should know."""

    after: str
    cautions: list[str] = field(default_factory=list)


def restore(
    archive: Archive, settings: Mapping[str, Any], *, allowed: tuple[Path, ...] = (), keys: Mapping[str, str] | None = None,
    broken_trail: bool = False,
) -> Restored:  # fmt: skip
    """Put an opened archive into the empty place that `settings` name, and bring the schema up to date.

    `allowed` may lie in the data folder although it is no data of the application; `keys` are files of keys to lay there.
    With `broken_trail` a trail that does not verify is restored all the same. Raises `Unusable` when the place is not
    empty, when the archive comes from a later version, or when its rows or its trail do not fit; the place is empty then.
    """
    facts = archive.manifest
    place = Place(settings, facts, allowed, keys or {})
    app = create_app(place.settings)
    with app.app_context():
        if facts.revision not in migrating.known():
            raise Unusable(
                f"This backup was made by a later version ({facts.version}, schema revision {facts.revision}); install "
                "that version and restore again."
            )
        try:
            if place.is_done():
                return Restored(
                    migrating.newest(), ["An earlier attempt had finished all but this."]
                )
            place.begin()
            return _restore(archive, place, broken_trail=broken_trail)
        except BaseException:
            _let_go()
            place.clear()
            raise
        finally:
            _let_go()


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _restore(archive: Archive, place: Place, *, broken_trail: bool) -> Restored:
    found = Restored(migrating.newest())
    _unpack(archive, place.files)
    with migrating.alone(db.engine) as connection:
        place.require_empty(connection)
        with migrating.within(connection):
            migrating.go_to(archive.manifest.revision)
            found.cautions += _fill(connection, archive, broken_trail=broken_trail)
            migrating.go_to("head")
            found.cautions += end_what_was_open(connection)
        if place.draft is None:
            place.move()
    if place.draft is not None:
        _let_go()
        close_draft(place.draft)
        place.move()
    place.end()
    return found


def _unpack(archive: Archive, folder: Path) -> None:
    for name, content in archive.members():
        if not name.startswith(manifest.FILES):
            continue
        file = folder / name.removeprefix(manifest.FILES)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(content, out, AT_ONCE)
            out.flush()
            os.fsync(out.fileno())


def _fill(connection: Connection, archive: Archive, *, broken_trail: bool) -> list[str]:
    """Load every row, and hold what is in the tables then against the manifest and the trail against its seals."""
    facts, loading = archive.manifest, Loading(connection)
    with without_foreign_keys(connection):
        loading.empty()
        for name, content in archive.members():
            if table := manifest.table_of(name):
                loading.load(table, content)
    go_on_counting(connection, facts.sequences)
    for table, rows in facts.tables.items():
        count = connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar()  # noqa: S608
        if count != rows:
            raise Unusable(f"{table} has {count} rows now and not {rows} as the manifest says.")
    report = _trail(connection, archive)
    if report.whole:
        return []
    told = "\n".join(line for line in report.lines() if not line.startswith("Without"))
    if not broken_trail:
        raise Unusable(
            f"The trail in this backup is not whole:\n{told}\nWith --accept-broken-trail it is restored as it is."
        )
    return [f"The trail is not whole, and was not when the backup was made:\n{told}"]


def _trail(connection: Connection, archive: Archive) -> verify.Report:
    head = connection.execute(text("SELECT count, seal FROM chain_head")).one_or_none()
    stored = connection.execute(text("SELECT count, head, at, signature FROM checkpoint"))
    points = [dict(point) for point in stored.mappings()]
    rows = connection.execute(
        text("SELECT * FROM event ORDER BY number IS NULL, number"),
        execution_options={"stream_results": True},
    )
    found = tuple(head) if head else (0, "missing")
    return verify.verify_rows(
        map(dict, rows.mappings()), archive.key, archive.manifest.checkpoint, head=found, checkpoints=points
    )  # fmt: skip
