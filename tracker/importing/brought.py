"""What an import brought: the initiatives that it made or changed, and where they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from tracker.activity.models import EVENTS
from tracker.boards.models import Board
from tracker.db import db
from tracker.errors import Missing
from tracker.importing.fields import What
from tracker.importing.models import ImportRun
from tracker.importing.words import shortened
from tracker.initiatives.models import Initiative
from tracker.initiatives.origins import Origin
from tracker.initiatives.stages import Stage, stage_name
from tracker.wording import day, isolate, ngettext

IMPORTED = "imported"
"""The question of the address of a list that asks for what one import brought."""


@dataclass(frozen=True)
class Brought:
    """Links to what an import made or changed, and to those of it that are ideas; each with its sentence."""

    words: str
    url: str
    ideas: str = ""
    ideas_url: str = ""
    board: str = ""
    board_url: str = ""


def origin(person: Any, id_: int) -> Origin:
    """Return what an import brought as a filter for everybody inside, who may read each initiative of it anyway.

    The run itself stays with whoever gave the file: others read when it was, not what the file is called. Raises
    `Missing` for partners, and for what brought no initiatives.
    """
    run = db.session.get(ImportRun, id_) if person.is_internal else None
    if run is None or run.applied_at is None or run.what != What.initiatives:
        raise Missing
    if run.person_id == person.id:
        words = _("Imported from %(file)s", file=isolate(shortened(run.filename)))
    else:
        words = _("Imported on %(day)s", day=day(run.applied_at))
    return Origin(IMPORTED, words, _touched(run))


def brought(person: Any, run: ImportRun) -> Brought | None:
    """Return where to look at the initiatives of an import; None where it touched none, or holds something else."""
    if run.waiting or run.what != What.initiatives:
        return None
    scope = Initiative.visible_to(person).where(Initiative.id.in_(_touched(run)))
    columns = (Initiative.stage, func.count())
    counts = dict(
        db.session.execute(scope.with_only_columns(*columns).group_by(Initiative.stage)).all()
    )
    count, ideas = sum(counts.values()), counts.get(Stage.idea, 0)
    if not count:
        return None
    words = ngettext(
        "See the initiative that it made or changed",
        "See the %(num)s initiatives that it made or changed",
        count,
    )
    url = url_for("initiatives.index", imported=run.id)
    if not ideas:
        return Brought(words, url)
    stage = stage_name(Stage.idea)
    standing = ngettext(
        "%(num)s of them stands in %(stage)s",
        "%(num)s of them stand in %(stage)s",
        ideas,
        stage=stage,
    )
    there = url_for("initiatives.index", imported=run.id, stage=Stage.idea.value)
    board = _board(person)
    if board is None:
        return Brought(words, url, standing, there)
    opened = url_for("boards.show", slug=board.slug, open=Stage.idea.value)
    opening = _("Open that column on the board “%(board)s”", board=board.name)
    return Brought(words, url, standing, there, opening, opened)


def _touched(run: ImportRun) -> Select[Any]:
    """Return the ids of the initiatives on whose trail the import left something: its events are all of one moment."""
    its = (EVENTS.c.at == run.applied_at, EVENTS.c.actor_id == run.person_id)
    return select(EVENTS.c.initiative_id).where(*its, EVENTS.c.initiative_id.is_not(None))


def _board(person: Any) -> Board | None:
    """Return the first board that shows everything, on which the columns of ideas can be opened."""
    whole = Board.visible_to(person).where(Board.filters_json == "{}")
    return db.session.scalars(whole.order_by(Board.position, Board.id).limit(1)).first()
