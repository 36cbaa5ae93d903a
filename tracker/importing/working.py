"""Reading, checking and writing a file: at once where it is short, in the background where not."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import Busy, db, writing
from tracker.errors import NotNow, Said
from tracker.importing import keeping
from tracker.importing.bulk import Moved
from tracker.importing.checked import Checked, looked_at
from tracker.importing.columns import BadMap
from tracker.importing.fields import What
from tracker.importing.models import ImportRun
from tracker.importing.planning import TRIES, Plan, make_ready, plan, too_lively, write
from tracker.importing.reading import Table, UnreadableFile, read
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.policy import May, may

log = logging.getLogger(__name__)
SHORT = 3_000
"""Rows up to which somebody waits for the answer; longer files show how far they have come."""

ALLOWS = {
    What.initiatives: May.import_portfolio,
    What.blockers: May.import_portfolio,
    What.readings: May.import_readings,
    What.goals: May.import_goals,
    What.actions: May.import_actions,
    What.milestones: May.import_milestones,
    What.people: May.import_directory,
    What.units: May.import_directory,
    What.partners: May.import_directory,
}


def table_of(run: ImportRun) -> Table:
    """The table in the file of an import, read as its map says. Raises `UnreadableFile`."""
    body = keeping.file_of(run.token)
    if body is None:
        raise UnreadableFile(_("The file is no longer here. Choose it again."))
    options = run.mapping.options
    return read(
        body,
        run.filename,
        encoding=options.get("encoding"),
        delimiter=options.get("delimiter"),
        sheet=options.get("sheet"),
    )


def check(run: ImportRun, table: Table | None = None) -> Checked:
    """Make the dry run anew and keep what it found."""
    before = keeping.checked_of(run.token)
    try:
        table = table or table_of(run)
        checked = looked_at(table)
        checked.take(_planned(run, table))
    except UnreadableFile as error:
        checked = before or Checked()
        checked.words, checked.results = error.words, []
    except BadMap as error:
        checked.words = error.words
    keeping.keep_checked(run.token, checked)
    return checked


def apply(
    run: ImportRun, open_write: Callable[[], Any], *, by: Person, when: datetime
) -> ImportRun:
    """Plan once more and write, inside what `open_write` opens (a write transaction).

    Raises `NotNow` when a row would write over what nobody was shown, when rows are rejected by now, when it was applied
    already, or when others keep changing the same things. The report that is kept is that of what was written.
    """
    table, version, shown = table_of(run), run.version, keeping.checked_of(run.token)
    for turn in range(TRIES):
        planned = _planned(run, table)
        if shown is not None and planned.report.overwrites(shown.report):
            keeping.keep_checked(run.token, looked_at(table).take(planned))
            raise NotNow(
                _("Something that these rows change was changed meanwhile. Nothing was imported; look at the report again.")
            )  # fmt: skip
        if not planned.applies:
            keeping.keep_checked(run.token, looked_at(table).take(planned))
            raise NotNow(
                _("Some rows are rejected by now. Nothing was imported; look at the report.")
            )
        try:
            if turn < TRIES - 1:  # the last time it is made inside: nobody comes between
                make_ready(planned, by=by, now=when)
            with open_write():
                held = _still_waiting(run, version, by)
                write(planned, by=by, now=when)
                held.applied(planned.report.totals(), by=by, now=when)
        except Moved:
            continue
        try:
            keeping.keep_checked(run.token, looked_at(table).take(planned))
        except keeping.NoRoom:  # it is imported all the same
            log.exception("the report of import %s could not be kept", run.id)
        keeping.drop_file(run.token)
        return held
    raise too_lively()


def in_background(run: ImportRun, act: Callable[[ImportRun], Any]) -> None:
    """Do `act` with the import in a thread of its own; the page shows how far it has come."""
    keeping.keep_progress(run.token, 0, 0)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    arguments = (app, str(get_locale() or "en"), run.id, act)
    threading.Thread(target=_work, args=arguments, name=f"import-{run.id}", daemon=True).start()


def _work(app: Flask, locale: str, run_id: int, act: Callable[[ImportRun], Any]) -> None:
    with app.app_context(), force_locale(locale):
        run = db.session.get(ImportRun, run_id)
        if run is None:
            return
        token, words = run.token, ""
        try:
            act(run)
        except Said as error:
            words = error.words
        except Busy:
            words = _("The database was busy. Nothing was imported; try again.")
        except Exception:
            log.exception("import %s failed", run_id)
            words = _("Something broke on our side. Nothing was imported; try again.")
        if words:
            checked = keeping.checked_of(token) or Checked()
            checked.words = words
            with contextlib.suppress(keeping.NoRoom):
                keeping.keep_checked(token, checked)
        keeping.end_progress(token)


def in_its_own_write(run: ImportRun) -> None:
    """Apply an import outside a request, on behalf of whoever brought the file."""
    apply(run, writing, by=importer_of(run), when=now())


def _planned(run: ImportRun, table: Table) -> Plan:
    def progress(done: int, total: int) -> None:
        if total > SHORT:
            keeping.keep_progress(run.token, done, total)

    return plan(
        table,
        run.mapping,
        today=day_of(now()),
        create_missing=run.create_missing,
        skip_bad=run.skip_bad,
        importer=importer_of(run),
        progress=progress,
    )


def importer_of(run: ImportRun) -> Person:
    """Whoever brought the file: a page imports on their word."""
    return db.session.get_one(Person, run.person_id)


def _still_waiting(run: ImportRun, version: int, by: Person) -> ImportRun:
    """The import, locked, with the same choices. Raises `NotNow` when it is not so any more."""
    held = run.again(by)
    if not held.waiting:
        raise NotNow(_("This file was imported already."))
    if held.version != version:
        raise NotNow(_("The choices were changed meanwhile. Look at the result again."))
    if not by.may_enter(now()) or not may(by, ALLOWS[held.what]):
        raise NotNow(_("You may not import this any more. Nothing was imported."))
    return held
