"""Pages of updates: the reports of an initiative, a new one, and a correction."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import allow, me, safe_next
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Colour, cadence_name, colour_mark, colour_name, silent
from tracker.paging import Page, asked_page, offset
from tracker.policy import May
from tracker.updates.forms import UpdateForm
from tracker.updates.models import Source, Update, refuse_if_ended, standing
from tracker.web import Post, done, posting, render
from tracker.wording import today

pages = Blueprint("updates", __name__)
PER_PAGE = 20


@pages.get("/initiatives/<ref>/updates")
@allow(May.read_internal, on=Initiative)
def index(initiative: Initiative) -> Any:
    """List the reports of an initiative, the newest first; a corrected one stands below what corrects it."""
    initiative.load_team()
    of_it = select(Update).where(Update.initiative_id == initiative.id)
    count = len(db.session.scalars(of_it.with_only_columns(Update.id).limit(5000)).all())
    rows = db.session.scalars(
        of_it.options(joinedload(Update.author))
        .order_by(Update.day.desc(), Update.id.desc())
        .limit(PER_PAGE)
        .offset(offset(asked_page(), PER_PAGE))
    ).all()
    corrected = set(
        db.session.scalars(
            select(Update.corrects_id).where(
                Update.initiative_id == initiative.id,
                Update.corrects_id.in_([row.id for row in rows]),
            )
        )
    )
    return render(
        "updates/index.html", initiative=initiative, page=Page(rows, asked_page(), PER_PAGE, count), corrected=corrected,
        silent=not initiative.ended and silent(initiative, today()), Source=Source, **_words(),
    )  # fmt: skip


@pages.route("/initiatives/<ref>/updates/new", methods=["GET", "POST"])
@allow(May.post_update, on=Initiative)
def new(initiative: Initiative) -> Any:
    """Report how an initiative stands; there is no form once it has ended."""
    form = UpdateForm()
    latest = db.session.scalars(standing(initiative.id).limit(1)).first()
    if request.method == "GET":
        refuse_if_ended(initiative)
        form.day.data = today()
        form.colour.data = request.args.get("colour") or (
            initiative.colour.value if initiative.colour else None
        )
    elif form.validate():
        return _post(initiative, form)
    return render(
        "updates/form.html", initiative=initiative, form=form, latest=latest, corrects=None, back=_back(initiative),
        status=422 if form.errors else 200, **_words(),
    )  # fmt: skip


@pages.route("/initiatives/<ref>/updates/<int:id_>/correction", methods=["GET", "POST"])
@allow(May.post_update, on=Initiative)
def correct(initiative: Initiative, id_: int) -> Any:
    """Correct a report by a later one that names it, as long as the initiative has not ended."""
    update = db.session.scalars(
        Update.visible_to(me()).where(Update.initiative_id == initiative.id, Update.id == id_)
    ).one_or_none()
    if update is None:
        raise Missing
    form = UpdateForm()
    if request.method == "GET":
        refuse_if_ended(initiative)
        form.fill(update)
        form.colour.data = update.colour.value if update.colour else None
    elif form.validate():
        return _post(initiative, form, update)
    return render(
        "updates/form.html", initiative=initiative, form=form, latest=None, corrects=update, back=_back(initiative),
        status=422 if form.errors else 200, **_words(),
    )  # fmt: skip


def _post(initiative: Initiative, form: UpdateForm, corrects: Update | None = None) -> Any:
    with posting() as post:
        initiative = post.again(initiative)
        if corrects is None:
            _nothing_newer(post, initiative)
        values = form.values
        Update.post(
            initiative,
            **{**values, "colour": Colour(values["colour"])},
            by=post.person,
            now=now(),
            corrects=corrects,
        )
        post.answer(_back(initiative), _("Update posted for %(ref)s.", ref=initiative.ref))
    return done(post)


def _nothing_newer(post: Post, initiative: Initiative) -> None:
    """Raise `NotNow` when a report came that whoever writes this one has not seen: theirs would take its place unseen."""
    latest = db.session.scalars(
        standing(initiative.id).options(joinedload(Update.author)).limit(1)
    ).first()
    words = ""
    if latest is not None:
        words = _(
            "%(name)s reported meanwhile: %(colour)s. %(reason)s",
            name=latest.author.name if latest.author else _("Somebody"),
            colour=colour_name(latest.colour),
            reason=latest.reason,
        )
    post.still(latest.id if latest else 0, words)


def _back(initiative: Initiative) -> str:
    return safe_next(request.args.get("back")) or url_for("initiatives.show", ref=initiative.ref)


def _words() -> dict[str, Any]:
    return {"colour_mark": colour_mark, "colour_name": colour_name, "cadence_name": cadence_name}
