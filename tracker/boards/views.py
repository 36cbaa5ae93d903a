"""Pages of boards: the board itself and what keeps it live, its list and ageing views, and saved boards."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from tracker.boards import moving
from tracker.boards.ageing import ageing_columns
from tracker.boards.around import address, for_list, head_of
from tracker.boards.choices import fill_choices
from tracker.boards.drawing import Drawing
from tracker.boards.filters import Filters
from tracker.boards.forms import BoardForm, stands
from tracker.boards.kept import TOKEN, Page, place
from tracker.boards.models import Board, Lanes
from tracker.boards.shortcut import HTML, VIEWED, Drawn, Shortcut
from tracker.boards.viewers import Viewed, Viewer
from tracker.clock import now
from tracker.db import db
from tracker.front import UNCHANGED
from tracker.gate import allow, me
from tracker.initiatives.models import Initiative
from tracker.policy import May, may
from tracker.web import done, posting, render, wants_swap

pages = Blueprint("boards", __name__)
VIEWS = ("board", "list", "ageing")


@pages.record
def stand_in_front(state: Any) -> None:
    """Let the short road answer what it can, before anything else of the application."""
    shortcut = state.app.wsgi_app = state.app.extensions["boards"] = Shortcut(state.app)
    state.app.extensions[UNCHANGED] = shortcut.unchanged


@pages.get("/boards")
@allow(May.read_internal)
def index() -> Any:
    boards = db.session.scalars(
        Board.visible_to(me())
        .order_by(Board.owner_id.is_not(None), Board.position, Board.name)
        .limit(200)
    )
    return render("boards/index.html", boards=list(boards))


@pages.get("/boards/<slug>")
@allow(May.read_internal, on=Board)
def show(board: Board) -> Any:
    """Show a board as cards, as a list, or by age."""
    view = request.args.get("view", "board")
    query = Filters.from_mapping(request.args)
    if view == "list":
        return redirect(url_for("initiatives.index", **for_list(board.filters.narrowed(query))))
    if view == "ageing":
        drawing = _shortcut().sight.studio.drawing(board, query)
        layout = drawing.sheet().layout
        head, columns = drawing.head(layout), ageing_columns(layout)
        return render(
            "boards/ageing.html", layout=layout, columns=columns, head=head, **head_of(board, query, view)
        )  # fmt: skip
    return _live(board, query, poll=False)


@pages.get("/boards/<slug>/cells")
@allow(May.read_internal, on=Board)
def cells(board: Board) -> Any:
    """Answer a poll whose board has changed: the cells, under their new fingerprint."""
    return _live(board, Filters.from_mapping(request.args), poll=True)


@pages.get("/boards/<slug>/drop")
@allow(May.read_internal, on=Board)
def drop(board: Board) -> Any:
    """Say which form a dropped card leads to; a move that no rule allows comes back with the reason."""
    initiative = Initiative.find(me(), request.args.get("ref", ""))
    initiative.load_team()
    back = f"{address(board)}#card-{initiative.ref}"
    try:
        form = moving.form_for(
            initiative, column=request.args.get("column", ""), lanes=request.args.get("by", "none"),
            lane=request.args.get("lane", ""), person=me(), back=back,
        )  # fmt: skip
    except moving.NoMove as refusal:
        if wants_swap():
            return render("boards/_refused.html", words=refusal.words), 409
        flash(refusal.words)
        return redirect(back, 303)
    return redirect(form, 303)


@pages.route("/boards/new", methods=["GET", "POST"])
@allow(May.save_own_board)
def new() -> Any:
    form = BoardForm()
    fill_choices(form)
    if request.method == "GET":
        form.process(
            data={
                **Filters.from_mapping(request.args).as_dict(),
                "lanes": request.args.get("lanes", "none"),
            }
        )
    elif form.validate():
        with posting() as post:
            shared = form.shared.data and may(post.person, May.save_shared_board)
            board = Board.save(
                name=form.name.data or "", filters=form.filters(), lanes=Lanes(form.lanes.data), owner=None if shared else post.person,
                by=post.person, now=now(),
            )  # fmt: skip
            post.answer(url_for("boards.show", slug=board.slug), _("Board saved."))
        return done(post)
    return render("boards/form.html", form=form, board=None, status=422 if form.errors else 200)


@pages.route("/boards/<slug>/edit", methods=["GET", "POST"])
@allow(May.edit_board, on=Board)
def edit(board: Board) -> Any:
    form = BoardForm()
    fill_choices(form)
    del form.shared
    if request.method == "GET":
        form.process(data=stands(board))
    elif form.validate():
        with posting() as post:
            board = post.again(board)
            post.same_version(board, form, stands(board))
            board.change(
                name=form.name.data or "",
                filters=form.filters(),
                lanes=Lanes(form.lanes.data),
                by=post.person,
                now=now(),
            )
            post.answer(url_for("boards.show", slug=board.slug), _("Board saved."))
        return done(post)
    return render("boards/form.html", form=form, board=board, status=422 if form.errors else 200)


@pages.route("/boards/<slug>/deletion", methods=["GET", "POST"])
@allow(May.edit_board, on=Board)
def delete(board: Board) -> Any:
    if request.method == "GET":
        return render("boards/delete.html", board=board)
    with posting() as post:
        board = post.again(board)
        words = _("Somebody else changed this board meanwhile. Look at it before you delete it.")
        post.still(board.version, words)
        board.delete(by=post.person, now=now())
        post.answer(
            url_for("boards.index"),
            _("The board “%(name)s” was deleted. Its initiatives are untouched.", name=board.name),
        )
    return done(post)


def _live(board: Board, query: Filters, *, poll: bool) -> Response:
    """Return a page or its cells under the fingerprint that was read first; what made it is kept for the short road."""
    shortcut, viewed = _shortcut(), _viewed()
    where = (board.slug, request.environ["QUERY_STRING"])

    def drawing() -> Drawing:
        return shortcut.sight.studio.drawing(board, query)

    def frame() -> Page:
        head = {name: place(name) for name in ("figures", "today", "blocked")}
        page = render(
            "boards/show.html", head=head, cells=place("cells"), csrf_token=lambda: place(TOKEN), **head_of(board, query, "board")
        )  # fmt: skip
        return Page(page.get_data())

    viewer = Viewer.of(me())
    mark = viewed.mark if viewed else ""
    if viewed is None or session.get("_flashes"):
        drawn, state, around = Drawn(drawing(), viewer), None, frame
    else:
        made = shortcut.drawings.made((*where, viewed.reads), viewed.ground, drawing)
        drawn, state = Drawn(made, viewer), shortcut.state(viewed)
        surroundings, own = (viewed.around, viewed.counts), (*where, viewer.id)
        around = partial(shortcut.frames.made, own, surroundings, frame)
    if poll:
        body = drawn.cells(mark, state)
    else:
        body = drawn.page(around(), mark, state).filled(token=generate_csrf())
    response = Response(body, content_type=HTML)
    response.headers["Vary"] = "HX-Request"
    if viewed:
        response.set_etag(viewed.mark)
    return response


def _shortcut() -> Shortcut:
    return current_app.extensions["boards"]


def _viewed() -> Viewed | None:
    """Return what the short road saw before it passed this request on, if it was about the person who is signed in."""
    viewed: Viewed | None = request.environ.get(VIEWED)
    return viewed if viewed is not None and viewed.person_id == me().id else None
