"""Pages of the module signatures: a head's answer to the charter, and the sponsor's word on objections and silence (rule 3)."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Missing
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.initiatives.act_pages import told_by
from tracker.initiatives.agreeing import Agreement, Position, State
from tracker.initiatives.charter import CharterVersion
from tracker.initiatives.forms import FreeWordsForm, WordsForm
from tracker.initiatives.forms_charter import AnswerForm
from tracker.initiatives.models import Initiative
from tracker.initiatives.overriding import go_on_unsigned, override
from tracker.initiatives.pages import pages
from tracker.initiatives.showing_charter import compared, row_of, sections
from tracker.initiatives.signatures import MODULE
from tracker.initiatives.signing import object_to, sign
from tracker.organisation.modules import of_module
from tracker.policy import May
from tracker.web import Post, done, posting, render


@pages.route("/initiatives/<ref>/charter/signature", methods=["GET", "POST"])
@of_module(MODULE)
@allow(May.sign, on=Initiative)
def charter_sign(initiative: Initiative) -> Any:
    """Sign the charter for a unit, or object to it. `?unit=` names the unit; else it is the first that one heads."""
    agreement, position = _looked_up(initiative, mine=True)
    form = AnswerForm()
    if request.method == "POST" and form.validate():
        with posting() as post:
            agreement, position = _again(post, initiative)
            answer = sign if form.stance.data == "signed" else object_to
            number = request.form.get("number", 0, type=int)
            answer(
                agreement, position.unit_id, number=number, by=post.person, now=now(),
                words=form.words.data or "",
            )  # fmt: skip
            said = (
                _("Signed for %(unit)s.", unit=position.unit)
                if answer is sign
                else _("The objection of %(unit)s is on the record.", unit=position.unit)
            )
            post.answer(_home(initiative), said)
        return done(post)
    version = CharterVersion.numbered(initiative, agreement.current.number)
    before = (
        CharterVersion.numbered(initiative, position.number)
        if position.number and position.number != agreement.current.number
        else None
    )
    return _page(
        "sign.html",
        agreement,
        position,
        form,
        version=version,
        sections=sections(version) if version else [],
        before=before,
        parts=compared(before.texts, version.texts) if before and version else [],
    )


@pages.route("/initiatives/<ref>/charter/override", methods=["GET", "POST"])
@of_module(MODULE)
@allow(May.override_objection, on=Initiative)
def charter_override(initiative: Initiative) -> Any:
    """Decide, in words, that an objection does not hold the initiative up."""
    agreement, position = _looked_up(initiative)
    form = WordsForm()
    if request.method == "POST" and form.validate():
        with posting() as post:
            agreement, position = _again(post, initiative)
            override(
                agreement, position.unit_id, **told_by(agreement.initiative, post.person, form)
            )
            said = _("The objection of %(unit)s is overridden.", unit=position.unit)
            post.answer(_home(initiative), said)
        return done(post)
    possible = position.state == State.objected
    return _page("override.html", agreement, position, form, possible=possible)


@pages.route("/initiatives/<ref>/charter/unsigned", methods=["GET", "POST"])
@of_module(MODULE)
@allow(May.override_objection, on=Initiative)
def charter_unsigned(initiative: Initiative) -> Any:
    """Decide to go on without the signature of a unit that was silent."""
    agreement, position = _looked_up(initiative)
    form = FreeWordsForm()
    if request.method == "POST" and form.validate():
        with posting() as post:
            agreement, position = _again(post, initiative)
            go_on_unsigned(
                agreement, position.unit_id, **told_by(agreement.initiative, post.person, form)
            )
            said = _("The initiative goes on unsigned by %(unit)s.", unit=position.unit)
            post.answer(_home(initiative), said)
        return done(post)
    possible = position.state == State.silent
    return _page("unsigned.html", agreement, position, form, possible=possible)


def _looked_up(initiative: Initiative, *, mine: bool = False) -> tuple[Agreement, Position]:
    """Return the agreement and the unit that the address names. Raises `Missing` without a charter or such a unit."""
    agreement = Agreement.of(initiative, now())
    slug = request.args.get("unit")
    if agreement is None or (slug is None and not mine):
        raise Missing
    heads = me().duties.heads if mine else frozenset()
    for position in agreement.positions:
        if position.slug == slug or (slug is None and position.unit_id in heads):
            return agreement, position
    raise Missing


def _again(post: Post, initiative: Initiative) -> tuple[Agreement, Position]:
    """Look both up once more, inside the write."""
    post.again(initiative)
    agreement, position = _looked_up(initiative, mine="unit" not in request.args)
    words = _("%(unit)s has answered otherwise meanwhile. Read it first.", unit=position.unit)
    post.still(_answered(position), words)
    return agreement, position


def _answered(position: Position) -> list[Any]:
    """Return what whoever answers or decides has seen of a unit: its answer that counts, if any."""
    return [position.number, position.signature.id if position.signature else None]


def _page(page: str, agreement: Agreement, position: Position, form: Form, **more: Any) -> Any:
    return render(
        f"initiatives/charter/{page}",
        status=422 if request.method == "POST" else 200,
        initiative=agreement.initiative,
        number=agreement.current.number,
        row=row_of(agreement, position, me()),
        position=position,
        answered=_answered(position),
        form=form,
        action=request.full_path.rstrip("?"),
        back=_home(agreement.initiative),
        **more,
    )


def _home(initiative: Initiative) -> str:
    return url_for("initiatives.charter", ref=initiative.ref)
