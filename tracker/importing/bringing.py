"""A file that somebody gives us is kept, its columns are guessed, and it is checked; its page says what it would do."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask import url_for

from tracker.clock import now
from tracker.db import db
from tracker.gate import me
from tracker.importing import keeping
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.maps import to_toml
from tracker.importing.models import WAITS, ImportRun
from tracker.importing.reading import read
from tracker.importing.showing import check
from tracker.web import done, posting

NOTHING: Mapping[str, str] = {}


def bring(
    what: What, filename: str, body: bytes, *, given: Mapping[str, str] = NOTHING, columns: Mapping[str, str] = NOTHING,
    delimiter: str | None = None, instead: bool = False,
) -> Any:  # fmt: skip
    """Return the answer that leads to the page of this file. Raises `UnreadableFile`.

    `given` is what is the same in every row, by field; `columns` are headings of which one knows what they hold. `instead`
    takes the place of those of the same name that still wait.
    """
    table = read(body, filename, delimiter=delimiter)
    mapping, sure = guessed(what, table)
    for name, heading in columns.items():
        mapping.columns[name] = heading
        sure.pop(name, None)
    for name, text in given.items():
        mapping.same_for_all(name, text)
        sure.pop(name, None)
    if delimiter:
        mapping.options["delimiter"] = delimiter
    token, moment = secrets.token_hex(16), now()
    keeping.keep_file(token, body)
    with posting() as post:
        gone = [*keeping.expired(moment), *(_waiting(filename) if instead else ())]
        for old in gone:
            db.session.delete(old)
        run = ImportRun(
            person_id=me().id,
            what=what,
            filename=filename,
            token=token,
            sha256=hashlib.sha256(body).hexdigest(),
            map_toml=to_toml(mapping),
            sure_json=json.dumps(sure),
            at=moment,
            expires_at=moment + WAITS,
        )
        db.session.add(run)
        db.session.flush()
        post.answer(url_for("importing.show", key=run.id))
    for old in gone:  # once the rows are: a write that fails leaves both
        keeping.drop(old.token)
    with contextlib.suppress(keeping.NoRoom):  # the page that shows it tries again, and says so
        check(run, table)
    return done(post)


def _waiting(filename: str) -> list[ImportRun]:
    """Return what waits under this name, but for what is being imported just now."""
    mine = ImportRun.visible_to(me()).where(
        ImportRun.filename == filename,
        ImportRun.applied_at.is_(None),
        ImportRun.expires_at >= now(),
    )
    found = db.session.scalars(mine.order_by(ImportRun.id))
    return [run for run in found if not keeping.progress_of(run.token)]
