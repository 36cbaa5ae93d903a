"""Pages of imports: give a file, follow it, keep its report."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.exporting.sheets import download
from tracker.gate import allow, me, permit
from tracker.importing import keeping, views_columns, views_pasting, working
from tracker.importing.bringing import bring
from tracker.importing.checked import Checked
from tracker.importing.fields import FIELDS, WHAT, What
from tracker.importing.forms import FileForm
from tracker.importing.models import ImportRun
from tracker.importing.pages import pages
from tracker.importing.reading import UnreadableFile
from tracker.importing.showing import alive, check, shown
from tracker.policy import May, may
from tracker.web import done, posting, render, wants_swap

__all__ = ["pages", "views_columns", "views_pasting"]


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
            of_all = {"kpi": form.kpi.data} if what == What.readings and form.kpi.data else {}
            return bring(what, name, body, given=of_all)
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
