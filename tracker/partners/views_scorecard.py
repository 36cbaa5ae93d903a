"""The scorecard: one page for our own people and for the partner, the rows behind its figures, and the partner's comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.activity.telling import company
from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.exporting.sheets import as_csv
from tracker.gate import allow, me
from tracker.organisation.partners import Partner
from tracker.organisation.settings import day_of
from tracker.paging import Page, asked_page, offset
from tracker.partners.cards import SHOWN, Card, card_of, telling
from tracker.partners.figure_kinds import KINDS
from tracker.partners.figures import Figure
from tracker.partners.forms_scorecard import CommentForm
from tracker.partners.pages import pages
from tracker.partners.quarters import Quarter
from tracker.partners.rows import Row, rows_of
from tracker.partners.saying import ScorecardComment
from tracker.partners.serving import results
from tracker.policy import May
from tracker.web import done, posting, render

PER_PAGE = 50
MOST_IN_A_FILE = 10_000


@dataclass(frozen=True)
class Side:
    """From which side a scorecard is looked at, and its addresses there: a partner's own name no partner."""

    key: str | None = None

    @property
    def company(self) -> str | None:
        """How our side is called there; None to our own people."""
        return company() if self.key is None else None

    def card(self, quarter: Quarter) -> str:
        """Return the address of the scorecard."""
        return self._at("scorecard", quarter)

    def rows(self, code: str, quarter: Quarter, **more: Any) -> str:
        """Return the address of the rows behind a figure."""
        return self._at("scorecard_rows", quarter, figure=code, **more)

    def sheet(self, code: str, quarter: Quarter) -> str:
        """Return the address of the same rows as a file."""
        return self._at("scorecard_sheet", quarter, figure=code)

    def _at(self, page: str, quarter: Quarter, **more: Any) -> str:
        if self.key is None:
            return url_for(f"partners.own_{page}", quarter=quarter.key, **more)
        return url_for(f"partners.{page}", key=self.key, quarter=quarter.key, **more)


@pages.get("/partners/<key>/scorecard")
@allow(May.read_internal, on=Partner)
def scorecard(partner: Partner) -> Any:
    """Show one partner's scorecard to our own people."""
    return _card(partner, Side(partner.slug))


@pages.get("/partners/<key>/scorecard/<figure>")
@allow(May.read_internal, on=Partner)
def scorecard_rows(partner: Partner, figure: str) -> Any:
    """Show the rows behind one figure."""
    return _rows(partner, Side(partner.slug), figure)


@pages.get("/partners/<key>/scorecard/<figure>/rows.csv")
@allow(May.read_internal, on=Partner)
def scorecard_sheet(partner: Partner, figure: str) -> Any:
    """The rows behind one figure, as CSV."""
    return _sheet(partner, Side(partner.slug), figure)


@pages.get("/partner/scorecard")
@allow(May.read_lane)
def own_scorecard() -> Any:
    """Show a partner's contact the scorecard of its organisation."""
    return _card(_own(), Side())


@pages.get("/partner/scorecard/<figure>")
@allow(May.read_lane)
def own_scorecard_rows(figure: str) -> Any:
    """Show a partner's contact the rows behind one figure."""
    return _rows(_own(), Side(), figure)


@pages.get("/partner/scorecard/<figure>/rows.csv")
@allow(May.read_lane)
def own_scorecard_sheet(figure: str) -> Any:
    """The rows behind one figure, as CSV."""
    return _sheet(_own(), Side(), figure)


@pages.route("/partner/scorecard/comment", methods=["GET", "POST"])
@allow(May.comment_scorecard)
def scorecard_comment() -> Any:
    """Say something of one's own scorecard of a quarter, or put it in other words."""
    partner, form, quarter = _own(), CommentForm(), _asked()
    said = ScorecardComment.of(partner, quarter)
    back = Side().card(quarter)
    if request.method == "GET":
        form.fill(said)
    elif form.validate():
        with posting() as post:
            partner = post.again(partner)  # locked: of two contacts one comes second
            fresh = ScorecardComment.of(partner, quarter)
            post.same_version(fresh, form, of=partner)
            fresh.say(form.words.data or "", on=partner, by=me(), now=now())
            post.answer(f"{back}#comment", _("Your comment is saved."))
        return done(post)
    return render(
        "partners/scorecard_comment.html",
        status=422 if form.errors else 200,
        form=form,
        said=said,
        quarter=quarter,
        company=company(),
        back=back,
    )


def _own() -> Partner:
    """Return the partner of whoever asks, who is a contact of one."""
    return db.session.scalars(Partner.visible_to(me())).one()


def _today() -> date:
    """Return the organisation's day: by it things count in one quarter or the other."""
    return day_of(now())


def _asked() -> Quarter:
    """Return the quarter of a comment: the present one where the address names none."""
    today = _today()
    return Quarter.asked(request.args.get("quarter"), today) or Quarter.of(today)


def _quarter(partner: Partner, today: date) -> Quarter:
    return Quarter.asked(request.args.get("quarter"), today) or telling([partner.id], today)


def _card(partner: Partner, side: Side) -> Any:
    today = _today()
    quarter, person = _quarter(partner, today), me()
    card = card_of(partner, quarter, today, company=side.company)
    return render(
        "partners/scorecard.html",
        card=card,
        side=side,
        present=Quarter.of(today),
        shown=SHOWN,
        results=results(card, person),
        comment=ScorecardComment.of(partner, card.quarter),
        company=company(),
    )


def _rows(partner: Partner, side: Side, code: str) -> Any:
    today, page = _today(), asked_page()
    card, figure = _behind(partner, side, code, today)
    found = rows_of(figure, card, me(), today, limit=PER_PAGE, offset=offset(page, PER_PAGE))
    return render(
        "partners/scorecard_rows.html",
        card=card,
        side=side,
        figure=figure,
        page=Page(found, page, PER_PAGE, figure.count),
        company=company(),
    )


def _sheet(partner: Partner, side: Side, code: str) -> Any:
    today = _today()
    card, figure = _behind(partner, side, code, today)
    rows = rows_of(figure, card, me(), today, limit=MOST_IN_A_FILE, offset=0)
    named = [_("What"), _("Initiative")]
    if not figure.kind.has_reasons:
        cells = ((row.title, row.place, row.day, row.words) for row in rows)
        return as_csv([*named, str(figure.kind.day), _("How it counts")], cells, code)
    why = [_("Agreed due date"), _("Working days taken out"), _("Last day in time")]
    ended = [_("Handed in on"), _("Accepted on"), _("How it counts")]
    told = ((row.title, row.place, *_why(row), row.words) for row in rows)
    return as_csv([*named, *why, *ended], told, code)


def _why(row: Row) -> tuple[Any, ...]:
    """Return the cells between the name and how it counts; of a row that is not named only its day."""
    accepted = row.day if row.reason is None or row.reason.handed_in else None
    if row.reason is None:
        return (None, None, None, None, accepted)
    why = row.reason
    return (why.due_on, why.taken_out, why.last_on, why.handed_in, accepted)


def _behind(partner: Partner, side: Side, code: str, today: date) -> tuple[Card, Figure]:
    """Return the scorecard and the figure that the address asks for. Raises `Missing` for a figure that there is not."""
    kind = KINDS.get(code)
    if kind is None:
        raise Missing
    quarter = Quarter.of(today) if kind.is_now else _quarter(partner, today)
    card = card_of(partner, quarter, today, with_open=kind.counts_open, company=side.company)
    return card, card.figures[code]
