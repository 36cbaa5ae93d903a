"""The yardstick of a move: the same few steps written plainly with the same libraries, and nothing of the application.

A signed-in person posts a form with its token; in one write transaction the key of the submit is kept, a row is loaded,
checked and changed, an event is sealed over the last one, and a count is kept. What a machine does of these in a second
says how fast the machine is; what the application does of its own says how much the rest costs.
"""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, redirect, request
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect, FlaskForm
from sqlalchemy import Integer, String, Text, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from tests.bench.company import EXECUTIVES
from tracker.db import engine_options

CARDS = 400
PREFIX = "/_b/bare"


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Visitor(UserMixin, Model):
    __tablename__ = "bare_visitor"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Thing(Model):
    __tablename__ = "bare_thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(Integer)
    held: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class Happening(Model):
    __tablename__ = "bare_happening"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[int] = mapped_column(Integer)
    told: Mapped[str] = mapped_column(Text)
    seal: Mapped[str] = mapped_column(String(64))


class Head(Model):
    __tablename__ = "bare_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    seal: Mapped[str] = mapped_column(String(64), default="")


class Sent(Model):
    __tablename__ = "bare_sent"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)


class Words(FlaskForm):
    """The form of a move."""

    words = TextAreaField(validators=[InputRequired(), Length(max=2000)])


def made(settings: dict[str, Any]) -> Flask:
    """Return the yardstick on its own tables: in the database of `settings`, but on SQLite in a file beside it."""
    url = settings["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        url = f"sqlite:///{settings['DATA_DIR']}/bare.db"
    app = Flask("bare")
    app.config.update(
        SECRET_KEY=settings["SECRET_KEY"],
        SESSION_COOKIE_NAME="tracker",
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
    )
    db.init_app(app)
    CSRFProtect(app)
    login = LoginManager(app)
    turn = threading.Lock() if url.startswith("sqlite") else threading.Semaphore(8)

    @login.user_loader
    def load(key: str) -> Visitor | None:
        return db.session.get(Visitor, int(key.partition(".")[0]))

    @app.post(f"{PREFIX}/<int:number>")
    @login_required
    def move(number: int) -> Any:
        form = Words()
        if not form.validate_on_submit():
            return str(form.errors), 422
        db.session.commit()
        with turn:
            told = turned_over(number, str(form.words.data))
        return redirect("/", 303) if told else ("", 403)

    return app


def turned_over(number: int, words: str) -> bool:
    """Do one move in one transaction; False when it is not the visitor's."""
    session = db.session()
    connection = session.connection(execution_options={"writes": True})
    connection.execute(insert(Sent), {"key": request.form["once"]})
    wanted = select(Thing).where(Thing.id == number).with_for_update()
    thing = session.scalars(wanted.execution_options(populate_existing=True)).one()
    if thing.visitor_id != current_user.id:
        session.rollback()
        return False
    thing.held, thing.words, thing.version = not thing.held, words, thing.version + 1
    session.flush()
    head = connection.execute(select(Head.count, Head.seal).with_for_update()).one()
    told = json.dumps({"words": words, "held": thing.held})
    happening = {
        "number": head.count + 1,
        "at": datetime.now(UTC).isoformat(),
        "thing_id": number,
        "told": told,
        "seal": hashlib.sha256(f"{head.seal}{told}".encode()).hexdigest(),
    }
    connection.execute(insert(Happening), happening)
    connection.execute(update(Head).values(count=head.count + 1, seal=happening["seal"]))
    session.commit()
    return True


def prepare(app: Flask) -> None:
    """Make the tables and their rows; does nothing when they are there."""
    with app.app_context():
        db.create_all()
        if db.session.get(Head, 1) is None:
            everybody = list(EXECUTIVES)
            db.session.add(Head(id=1))
            db.session.add_all(Visitor(id=one, name="An executive") for one in everybody)
            db.session.add_all(Thing(id=n, visitor_id=visitor_of(n)) for n in range(1, CARDS + 1))
            db.session.commit()
        db.session.remove()
        db.engine.dispose()


def visitor_of(number: int) -> int:
    """Return who may move the thing of this number."""
    return EXECUTIVES[number % len(EXECUTIVES)]
