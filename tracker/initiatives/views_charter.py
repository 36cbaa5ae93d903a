"""Pages of the charter: what was agreed, how it changed, the draft, and publishing it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Missing, NotNow
from tracker.gate import allow, me
from tracker.initiatives.charter import CharterDraft, CharterVersion
from tracker.initiatives.forms_charter import CharterForm, PublishForm
from tracker.initiatives.framing import frame
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import pages
from tracker.initiatives.showing_charter import (
    agreement_shown,
    compared,
    drafted,
    history,
    sections,
)
from tracker.initiatives.signatures import signatures_on
from tracker.initiatives.signing import also_name
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import digits, today


@pages.get("/initiatives/<ref>/charter")
@allow(May.read_internal, on=Initiative)
def charter(initiative: Initiative) -> Any:
    """Show the charter that holds, or with `?version=` an earlier one, who agreed to it, and its history."""
    versions, draft = history(initiative), CharterDraft.of(initiative)
    latest = versions[0] if versions else None
    shown = _asked("version", versions) or latest
    return render(
        "initiatives/charter/show.html",
        **frame(initiative, me(), "initiatives.charter", today()),
        latest=latest,
        shown=shown,
        sections=sections(shown or draft),
        history=versions,
        **drafted(initiative, draft, latest, me()),
        **agreement_shown(initiative, me()),
        also_name=also_name,
    )


@pages.get("/initiatives/<ref>/charter/differences")
@allow(May.read_internal, on=Initiative)
def charter_differences(initiative: Initiative) -> Any:
    """Show how one version reads against another; `?to=draft`, or no `to` where the draft says more, is the draft."""
    versions, draft = history(initiative), CharterDraft.of(initiative)
    if not versions:
        raise Missing
    to_draft = request.args.get("to") == "draft"
    to = None if to_draft else _asked("to", versions) or versions[0]
    before = None if request.args.get("from") == "" else _asked("from", versions)
    if "from" not in request.args:
        older = [one for one in versions if to is None or one.number < to.number]
        before = older[0] if older else None
    return render(
        "initiatives/charter/differences.html",
        initiative=initiative,
        history=versions,
        draft=draft,
        before=before,
        to=to,
        parts=compared(before.texts if before else {}, (to or draft).texts),
    )


@pages.get("/initiatives/<ref>/charter/print")
@allow(May.read_internal, on=Initiative)
def charter_print(initiative: Initiative) -> Any:
    """Show a version as it is printed, with the signatures under the one that holds."""
    versions = history(initiative)
    shown = _asked("version", versions) or (versions[0] if versions else None)
    if shown is None:
        raise Missing
    rows = agreement_shown(initiative, me())["rows"] if shown is versions[0] else None
    return render(
        "initiatives/charter/print.html",
        initiative=initiative,
        shown=shown,
        sections=sections(shown),
        also_name=also_name,
        rows=rows,
    )


@pages.route("/initiatives/<ref>/charter/draft", methods=["GET", "POST"])
@allow(May.edit_charter, on=Initiative)
def charter_draft(initiative: Initiative) -> Any:
    """Write the draft. A stale save shows both texts."""
    form, draft = CharterForm(), CharterDraft.of(initiative)
    version = request.form.get("version", draft.version, type=int)
    if request.method == "GET":
        form.fill(draft)
    elif form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            draft = CharterDraft.of(initiative)
            post.same_version(draft, form)
            draft.save(initiative, by=post.person, now=now(), **form.told)
            post.answer(_home(initiative), _("The draft is saved. Publish it when it is ready."))
        return done(post)
    return render(
        "initiatives/charter/draft.html",
        status=422 if request.method == "POST" else 200,
        initiative=initiative,
        form=form,
        version=version,
        back=_home(initiative),
    )


@pages.route("/initiatives/<ref>/charter/publication", methods=["GET", "POST"])
@allow(May.publish_charter, on=Initiative)
def charter_publish(initiative: Initiative) -> Any:
    """Make the draft the next version, after a look at what it changes."""
    form, draft = PublishForm(), CharterDraft.of(initiative)
    latest = CharterVersion.current(initiative)
    if latest is None:
        del form.wording_only
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            draft = CharterDraft.of(initiative)
            if request.form.get("version", type=int) != draft.version:
                raise NotNow(
                    _("The draft changed while you looked at it. Read it again, then publish.")
                )
            values = {"wording_only": False, **form.values}
            version = draft.publish(initiative, by=post.person, now=now(), **values)
            words = _("Version %(number)s is published.", number=digits(str(version.number)))
            post.answer(_home(initiative), words)
        return done(post)
    return render(
        "initiatives/charter/publish.html",
        status=422 if request.method == "POST" else 200,
        initiative=initiative,
        form=form,
        draft=draft,
        latest=latest,
        obstacle=draft.why_not(latest),
        parts=compared(latest.texts if latest else {}, draft.texts),
        signatures=signatures_on(),
        back=_home(initiative),
    )


def _asked(question: str, versions: list[CharterVersion]) -> CharterVersion | None:
    """Return the version that the address asks for, or None where it asks for none. Raises `Missing` for one that is not there."""
    if not request.args.get(question):
        return None
    number = asked_number(question)
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise Missing
    return found


def _home(initiative: Initiative) -> str:
    return url_for("initiatives.charter", ref=initiative.ref)
