"""Every form of every room: whatever is posted into its fields is answered in words of ours, once each.

The forms are found, not named: a new one is filled with garbage without being added here. Only what a form asks for when it is
made stands in `GIVEN`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from babel.messages.pofile import read_po
from flask import Flask, g
from flask_login import login_user
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField
from wtforms.i18n import messages_path

from tests.aims import kpi
from tests.initiatives.stories import sponsored
from tracker.db import Model, db
from tracker.forms import Form, Line, Words, tidy
from tracker.organisation.deputies import Capacity
from tracker.organisation.forms_settings import workspace_form
from tracker.organisation.settings import Organisation
from tracker.typed import WITHHELD
from tracker.updates.forms import UpdateForm

GARBAGE = (
    "nonsense", "", "-1", "999999999999999999999", "2026-13-45", "0001-01-01", "۱۲٫۵ \u200f", "\x00\ud800<b>", "x" * 70_000,
)  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s")
DEEP = {
    "RaiseForm",
    "NewPersonForm",
    "BulkTeamForm",
    "ProposeForm",
    "ColumnsForm",
}  # some, of several rooms


def kinds() -> list[type[Form]]:
    """Every form of the application, and one of those that are made for the stages of an organisation."""
    found: list[type[Form]] = [workspace_form({"idea": "Idea", "framed": "Framed"})]
    waiting = [Form]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("tracker.") and kind not in {Form, *found}:
            found.append(kind)
    return sorted(found, key=name_of)


def name_of(kind: type[Form]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def library() -> re.Pattern[str]:
    """What WTForms would say by itself."""
    with open(f"{messages_path()}/fa/LC_MESSAGES/wtforms.po", "rb") as file:  # noqa: PTH123
        entries = [message.id for message in read_po(file) if message.id]
    sentences = [s for entry in entries for s in ((entry,) if isinstance(entry, str) else entry)]
    return re.compile("|".join(".*".join(map(re.escape, PLACEHOLDER.split(s))) for s in sentences))


@pytest.fixture
def made(app: Flask, cast: SimpleNamespace, clock: Any) -> Iterator[Callable[..., Any]]:
    """Make a form as a view would, filled by a post: `made(UpdateForm, day="nonsense")`."""
    with app.app_context():
        db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
        work = sponsored(cast, clock())
        measure = kpi()
    given = {
        "by": cast.manager, "person": cast.executive, "initiative": work, "capacity": Capacity.sponsor, "adopts": True,
        "present": SimpleNamespace(units=[], partners=[]), "product": "Throughline",
        "kpi": measure, "there": (),
    }  # fmt: skip

    def make(kind: type[Form], **fields: Any) -> Form:
        asked = inspect.signature(kind.__init__).parameters
        form = kind(formdata=MultiDict(fields), **{k: v for k, v in given.items() if k in asked})
        for field in form:
            if getattr(field, "choices", 0) is None:
                field.choices = []  # type: ignore[attr-defined]
        return form

    with app.test_request_context("/", method="POST"):
        db.session.add_all(
            [work, measure, *(one for one in vars(cast).values() if isinstance(one, Model))]
        )
        g.organisation = Organisation.current()
        login_user(cast.manager)
        yield make


def test_the_walk_finds_the_forms() -> None:
    """Planted: `waiting` without the subclasses of subclasses."""
    assert {kind.__qualname__ for kind in kinds()} >= DEEP


def test_garbage_is_answered_in_words_of_ours(made: Callable[..., Form]) -> None:
    """Planted, each seen red: a line of WORDS in form_words.py that says what the library says; `Length` in place of
    `AtMost`; a second `AtMost` at the reason of an update; `get_translations` taken out; a password called `phrase`."""
    default, wrong = library(), []
    for kind in kinds():
        names = [field.name for field in made(kind)]
        for garbage in GARBAGE:
            form = made(kind, **dict.fromkeys(names, garbage))
            form.validate()
            wrong += [f"{name_of(kind)}.{fault}" for fault in faults(form, default)]
    assert not wrong, "\n".join(sorted(set(wrong)))


def faults(form: Form, default: re.Pattern[str]) -> Iterator[str]:
    """What is wrong with the answer to a form."""
    for field in form:
        said = [str(words) for words in field.errors]
        yield from (f"{field.name}: {words}" for words in said if default.fullmatch(words))
        if len(said) != len(set(said)):
            yield f"{field.name} says it twice: {said}"
        if not all(said):
            yield f"{field.name} says nothing"
        if isinstance(field, PasswordField) and not WITHHELD.search(field.name):
            yield f"{field.name}: trouble before the form is made would show it; its name must say that it is a password"


def test_a_reason_that_is_too_long_is_said_once_in_the_digits_of_the_reader(
    made: Callable[..., Any],
) -> None:
    """Planted: `most=self.most`."""
    form = made(UpdateForm, colour="purple", day="tomorrow", reason="x" * 201)
    assert not form.validate()
    assert [list(form[name].errors) for name in ("colour", "day", "reason")] == [
        ["Choose one from the list."],
        ["Type a day such as 2026-11-27."],
        ["Keep it to 200 characters: it has 201."],
    ]
    g.viewer = SimpleNamespace(language="fa", digits="auto", time_zone="UTC", day_calendar="auto")
    form.validate()
    assert re.search("۲۰۰.*۲۰۱", form.reason.errors[0])


@pytest.mark.parametrize("typed", ["\u200b", " \u200b\u2060\n\ufeff ", "\u202e", "\u00ad"])
def test_words_that_nobody_would_see_are_none(made: Callable[..., Any], typed: str) -> None:
    """Planted: characters that show nothing taken for words."""
    form = made(UpdateForm, colour="at_risk", day="2026-03-02", reason=typed)
    form.validate()
    assert form.reason.data == ""
    assert tidy("نیم\u200cفاصله") == "نیم\u200cفاصله"


def test_blanks_are_no_words(made: Callable[..., Form]) -> None:
    """What has to be said is not said by a blank. Planted: `InputRequired`, which looks at what was posted and not at what
    is left of it, on the title of a blocker."""
    wrong = []
    for kind in kinds():
        for field in made(kind):
            if isinstance(field, Line | Words) and field.flags.required:
                form = made(kind, **{field.name: " \u200b\n "})
                form.validate()
                if not form[field.name].errors:
                    wrong.append(f"{name_of(kind)}.{field.name} takes a blank")
    assert not wrong, "\n".join(wrong)
