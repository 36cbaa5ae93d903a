"""What was typed stays: on the page that says why it was not done, ready to be sent again, and nothing that must not stay."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from flask import Flask, g
from sqlalchemy import text
from werkzeug.datastructures import MultiDict
from wtforms import FileField, PasswordField, SelectField

from tests.bodies import REQUEST
from tests.conftest import Tab
from tests.initiatives.stories import sponsored
from tests.test_pages import faults
from tests.test_trouble import hidden
from tracker.db import Busy, db
from tracker.forms import Form, Line, Words
from tracker.initiatives.models import Initiative
from tracker.typed import Typed, typed
from tracker.wording import lazy as _l

WORDS = "We agreed on <b>Monday</b>,\nall four of us"


@pytest.fixture
def work(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    return told(lambda: sponsored(cast, clock()))


def ask(tab: Tab, work: Initiative, to: str = "proving_benefit", **more: Any) -> Any:
    """Request the gate of a stage that is not the next: the rules do not allow it now."""
    said = {**REQUEST, "gain": WORDS, "waiting": "", "risk": "", "then": "keep", "to": to}
    return tab.submit(f"/initiatives/{work.ref}/stage/request?back=/boards", **said, **more)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_the_rules_refuse_is_kept_and_can_be_sent_again(
    as_: Callable[..., Tab], cast: SimpleNamespace, work: Initiative, language: str, app: Flask
) -> None:
    """Planted: 409 left out of KEEPS; the words marked safe; the key of the refused submit used again."""
    with app.app_context():
        db.session.execute(text("UPDATE person SET language = :tag"), {"tag": language})
        db.session.commit()
    where = f"http://localhost/initiatives/{work.ref}/stage?to=designing"
    refused = ask(as_(cast.lead), work, once="first", headers={"Referer": where})
    assert refused.status_code == 409
    assert not faults(refused.text, language)
    kept = hidden(refused.text)
    assert kept["once"] not in {"first", ""}
    assert kept["to"] == "proving_benefit"
    assert kept["csrf_token"]
    page = html5lib.parse(refused.text, namespaceHTMLElements=False)
    assert [area.text for area in page.iter("textarea") if area.text] == [WORDS]
    assert f'action="/initiatives/{work.ref}/stage/request?back=/boards"' in refused.text
    assert f'href="/initiatives/{work.ref}/stage?to=designing"' in refused.text
    assert "<b>Monday" not in refused.text


def test_htmx_gets_the_same_as_a_fragment(
    as_: Callable[..., Tab], cast: SimpleNamespace, work: Initiative
) -> None:
    """Planted: the include left out of errors/_error.html."""
    part = ask(as_(cast.lead), work, headers={"HX-Request": "true"})
    assert part.status_code == 409
    assert "<html" not in part.text
    fragment = html5lib.parseFragment(part.text, namespaceHTMLElements=False)
    assert [area.text for area in fragment.iter("textarea") if area.text] == [WORDS]
    assert hidden(part.text)["to"] == "proving_benefit"


def test_the_same_key_with_other_words_keeps_the_words(
    as_: Callable[..., Tab], cast: SimpleNamespace, work: Initiative
) -> None:
    """Planted: 422 left out of KEEPS."""
    tab, address = as_(cast.executive), f"/initiatives/{work.ref}/hold"
    assert tab.submit(address, once="one", words="Until the tender is over").status_code == 303
    again = tab.submit(address, once="one", words="Until the law is passed, too")
    assert again.status_code == 422
    assert "Until the law is passed, too" in again.text
    assert hidden(again.text)["once"] != "one"


def test_a_page_from_elsewhere_is_not_linked_to(
    as_: Callable[..., Tab], cast: SimpleNamespace, work: Initiative
) -> None:
    """Nor one that cannot be opened. Planted: `came_from` without the comparison of hosts; `_opens` always true."""
    post_only = f"http://localhost/initiatives/{work.ref}/stage/request"
    for referrer in ("https://elsewhere.example/initiatives", "http://[", post_only):
        refused = ask(as_(cast.lead), work, headers={"Referer": referrer})
        assert "Back to the page before" not in refused.text
        assert "elsewhere" not in refused.text
    sent = ask(as_(cast.lead), work, came_from="//elsewhere.example/")
    assert "elsewhere" not in sent.text


class Mixed(Form):
    title = Line(_l("Title"))
    words = Words(_l("Why"))
    choice = SelectField(choices=lambda: ["a"])  # type: ignore[arg-type]
    key_phrase = PasswordField("Phrase")
    file = FileField("File")


def of(app: Flask, fields: list[tuple[str, Any]], *forms: type[Form], undone: bool = False) -> Typed:  # fmt: skip
    with app.test_request_context("/boards/new?x=1", method="POST", data=MultiDict(fields)):
        g.organisation = None
        for form in forms:
            form()
        kept = typed(undone=undone)
    assert kept is not None
    return kept


def test_fields_keep_their_labels_and_all_their_values(app: Flask) -> None:
    """Planted: `to_dict()` in place of `lists()`; labels asked of the name."""
    fields = [("ids", "4"), ("ids", "17"), ("choice", "a"), ("title", "One"), ("title", "Two")]
    fields += [("words", "Sofort"), ("once", "k")]
    kept = of(app, fields, Mixed, undone=True)
    assert kept.carried == [("ids", "4"), ("ids", "17"), ("choice", "a")]
    assert [(t.name, t.label, t.words, t.tall) for t in kept.texts] == [
        ("title", "Title", "One", False),
        ("title", "Title", "Two", False),
        ("words", "Why", "Sofort", True),
    ]
    assert (kept.whole, kept.action, kept.once) == (True, "/boards/new?x=1", "k")


def test_without_a_form_the_prose_is_shown_and_the_rest_only_kept(app: Flask) -> None:
    """Planted: PROSE that wants a blank: Chinese has none."""
    fields = [("to", "piloting"), ("holder", "u12"), ("version", "3"), ("say", "It is late"), ("also", "系统没有连接")]  # fmt: skip
    kept = of(app, fields)
    assert [(t.name, t.label) for t in kept.texts] == [("say", ""), ("also", "")]
    assert kept.carried == [("to", "piloting"), ("holder", "u12"), ("version", "3")]


@pytest.mark.parametrize(
    "secret",
    [
        ("password", "a long enough sentence"), ("current", "a long enough sentence"), ("key_phrase", "a long enough"),
        ("reset_token", "s p a c e d"), ("file", (BytesIO(b"a;b"), "list.csv")),
    ],
)  # fmt: skip
def test_passwords_tokens_and_files_are_never_kept(app: Flask, secret: tuple[str, Any]) -> None:
    """Then it cannot be sent again as it is. Planted: WITHHELD without `token`; PasswordField left out of `_withheld`."""
    kept = of(app, [secret, ("title", "One bill")], Mixed)
    assert [one.name for one in kept.texts] == ["title"]
    assert kept.carried == []
    assert not kept.whole


def test_a_password_is_not_in_the_answer_to_trouble(
    app: Flask, as_: Callable[..., Tab], cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: `whole` always true."""
    monkeypatch.setattr("tracker.organisation.views_access.SIGN_IN", _busy_door())
    page = as_(None).submit("/sign-in", email="lead@example.org", password="not for your eyes")
    assert page.status_code == 503
    assert "not for your eyes" not in page.text
    assert "lead@example.org" in page.text
    assert "Try again</button>" not in page.text


def _busy_door() -> Any:
    def refuse(*_anything: Any, **_more: Any) -> int:
        raise Busy

    return SimpleNamespace(try_it=refuse)
