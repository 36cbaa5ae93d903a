"""Pages of imports: give a file, follow it, keep its report."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.exporting.sheets import download
from tracker.gate import allow, me, permit
from tracker.importing import keeping, views_columns, working
from tracker.importing.checked import Checked
from tracker.importing.columns import guessed
from tracker.importing.fields import FIELDS, WHAT, What
from tracker.importing.forms import FileForm
from tracker.importing.maps import to_toml
from tracker.importing.models import WAITS, ImportRun
from tracker.importing.pages import pages
from tracker.importing.reading import UnreadableFile, read
from tracker.importing.showing import alive, check, shown
from tracker.policy import May, may
from tracker.web import done, posting, render, wants_swap

__all__ = ["pages", "views_columns"]


@pages.route("/import", methods=["GET", "POST"])
@allow(May.import_data)
def index() -> Any:
    """Take a file; list one's own imports, the newest first."""
    kinds = [kind for kind in What if may(me(), working.ALLOWS[kind])]
    form = FileForm().offer(kinds)
    if request.method == "POST" and form.validate():
        what = What(form.what.data)
        permit(working.ALLOWS[what])
        upload = request.files.get("file")
        name = ((upload.filename if upload else "") or "").replace("\x00", "")
        try:
            body = upload.read() if upload and name else b""
            if not name:
                raise UnreadableFile(_("Choose a file."))
            name = name.replace("\\", "/").rsplit("/", 1)[-1][-200:]
            return _brought(what, name, body, form.kpi.data or "")
        except UnreadableFile as error:
            form.file.errors = [error.words]
    elif request.method == "GET" and kinds:
        asked = request.args.get("what")
        form.what.data = asked if asked in kinds else kinds[0].value
        form.kpi.data = request.args.get("kpi")
    query = ImportRun.visible_to(me()).order_by(ImportRun.id.desc()).limit(20)
    return render(
        "importing/index.html",
        form=form,
        runs=db.session.scalars(query).all(),
        WHAT=WHAT,
        status=422 if form.errors else 200,
    )


@pages.get("/import/<int:key>")
@allow(May.import_data, on=ImportRun)
def show(run: ImportRun) -> Any:
    """Show what the file would do, or did."""
    if state := keeping.progress_of(alive(run).token):
        return render("importing/working.html", run=run, progress=state, WHAT=WHAT)
    checked = keeping.checked_of(run.token)
    if checked is None:
        if run.waiting:
            return check(run)
        checked = Checked()
    return shown(run, checked)


@pages.get("/import/<int:key>/progress")
@allow(May.import_data, on=ImportRun)
def progress(run: ImportRun) -> Any:
    """Answer the page that waits: how far it has come, or that it is done."""
    state = keeping.progress_of(alive(run).token)
    if state is None:
        target = url_for(".show", key=run.id)
        return ("", 204, {"HX-Redirect": target}) if wants_swap() else redirect(target)
    return render(
        "importing/working.html",
        swap="importing/_progress.html",
        run=run,
        progress=state,
        WHAT=WHAT,
    )


@pages.get("/import/<int:key>/report.csv")
@allow(May.import_data, on=ImportRun)
def report(run: ImportRun) -> Any:
    """The report of every row, to keep."""
    checked = keeping.checked_of(alive(run).token)
    if checked is None:
        raise Missing
    labels = {field.name: str(field.label) for field in FIELDS[run.what]}
    name = f"import-{run.what.value}-{run.id}.csv"
    return download(checked.report.as_csv(labels), name, "text/csv; charset=utf-8")


@pages.post("/import/<int:key>/discard")
@allow(May.import_data, on=ImportRun)
def discard(run: ImportRun) -> Any:
    """Take the file away without importing it; what was imported stays, with its report."""
    with posting() as post:
        run = post.again(run)
        if not run.waiting:
            raise NotNow(_("This file was imported already."))
        db.session.delete(run)
        post.answer(url_for(".index"), _("The file was taken away. Nothing was imported."))
    keeping.drop(run.token)
    return done(post)


def _brought(what: What, filename: str, body: bytes, kpi: str) -> Any:
    """Keep a file that can be read, guess its columns, and check it; `kpi` is that of every reading, if given."""
    table = read(body, filename)
    mapping, sure = guessed(what, table)
    if what == What.readings and kpi:
        mapping.same_for_all("kpi", kpi)
        sure.pop("kpi", None)
    token, moment = secrets.token_hex(16), now()
    keeping.keep_file(token, body)
    with posting() as post:
        for old in keeping.expired(moment):
            keeping.drop(old.token)
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
        post.answer(url_for(".show", key=run.id))
    with contextlib.suppress(keeping.NoRoom):  # the page that shows it tries again, and says so
        check(run, table)
    return done(post)
