"""Which column holds what, and the import itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import db
from tracker.errors import NotNow
from tracker.gate import allow, me, permit
from tracker.importing import keeping, working
from tracker.importing.checked import Checked
from tracker.importing.columns import Mapping
from tracker.importing.fields import What
from tracker.importing.forms import ColumnsForm, columns_form
from tracker.importing.models import ImportMap, ImportRun
from tracker.importing.pages import pages
from tracker.importing.reading import UnreadableFile
from tracker.importing.showing import alive, check, shown
from tracker.policy import May
from tracker.web import Post, done, posting


@pages.post("/import/<int:key>/columns")
@allow(May.import_data, on=ImportRun)
def columns(run: ImportRun) -> Any:
    """Take other columns or options, or a saved map, or save these columns; then check again."""
    permit(working.ALLOWS[alive(run).what])
    maps = ImportMap.of(run.what)
    checked = keeping.checked_of(run.token) or Checked()
    form = columns_form(run, checked, maps)
    if not form.validate():
        return shown(run, checked, form, status=422)
    act, chosen = form.act.data, form.saved.data if form.saved else ""
    saved = next((one for one in maps if str(one.id) == chosen), None)
    if act == "use" and saved is None and form.saved:
        form.saved.errors = [_("Choose a map first.")]
        return shown(run, checked, form, status=422)
    if act == "save" and not form.map_name.data:
        form.map_name.errors = [_("Give the map a name.")]
        return shown(run, checked, form, status=422)
    mapping = saved.mapping if act == "use" and saved else _mapping(run, form)
    with posting() as post:
        _choose(post, run, form, mapping)
        words = ""
        if act == "save":
            kept = ImportMap.save(form.map_name.data or "", mapping, by=me(), now=now())
            words = _("The map “%(name)s” is saved.", name=kept.name)
        post.answer(url_for(".show", key=run.id), words)
    _check_again(run)
    return done(post)


def _brings_people(run: ImportRun) -> bool:
    """Tell whether an import gives somebody access."""
    return run.what == What.people


@pages.post("/import/<int:key>/apply")
@allow(May.import_data, on=ImportRun, fresh=_brings_people)
def apply(run: ImportRun) -> Any:
    """Import the file as the page shows it; where the form says otherwise, check that first."""
    permit(working.ALLOWS[alive(run).what])
    if not run.waiting:
        with posting():  # which answers a submit that came before as it was answered then
            raise NotNow(_("This file was imported already."))
    checked = keeping.checked_of(run.token) or Checked()
    form = columns_form(run, checked, ImportMap.of(run.what))
    if not form.validate():
        return shown(run, checked, form, status=422)
    if _differs(run, form):
        with posting() as post:
            _choose(post, run, form, _mapping(run, form))
            post.answer(
                url_for(".show", key=run.id),
                _("The choices changed, so nothing was imported yet. Look at the result first."),
            )
        _check_again(run)
        return done(post)
    if checked.rows > working.SHORT:
        if not keeping.progress_of(run.token):
            working.in_background(run, working.in_its_own_write)
        return redirect(url_for(".show", key=run.id), 303)
    try:
        return done(_applied(run, now()))
    except (NotNow, UnreadableFile) as error:
        db.session.rollback()
        checked = keeping.checked_of(run.token) or Checked()
        checked.words = error.words
        return shown(ImportRun.find(me(), run.id), checked, status=409)


def _check_again(run: ImportRun) -> None:
    """Check what was chosen. When the disk takes no file, the old result goes: the page that shows it tries again."""
    try:
        check(run)
    except keeping.NoRoom:
        keeping.drop_checked(run.token)


def _applied(run: ImportRun, moment: datetime) -> Post:
    posts: list[Post] = []

    @contextlib.contextmanager
    def answering() -> Iterator[None]:
        with posting() as post:
            yield
            post.answer(url_for(".show", key=run.id), _("The file is imported."))
            posts.append(post)

    working.apply(run, answering, by=me(), when=moment)
    return posts[-1]


def _choose(post: Post, run: ImportRun, form: ColumnsForm, mapping: Mapping) -> None:
    held = post.again(run)
    if not held.waiting:
        raise NotNow(_("This file was imported already. Choose it again to import it anew."))
    held.use(
        mapping, create_missing=bool(form.create_missing.data), skip_bad=bool(form.skip_bad.data)
    )


def _mapping(run: ImportRun, form: ColumnsForm) -> Mapping:
    mapping = form.mapping(run.what)
    mapping.values = run.mapping.values
    return mapping


def _differs(run: ImportRun, form: ColumnsForm) -> bool:
    ticks = (bool(form.create_missing.data), bool(form.skip_bad.data))
    return _mapping(run, form) != run.mapping or ticks != (run.create_missing, run.skip_bad)
