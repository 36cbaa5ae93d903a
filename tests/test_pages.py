"""Every page, as everybody who may open it, in English and in Persian: sound HTML, the headers, and links that hold.

The contract is `faults`; each line of it was seen to fail by the fault that `CANARIES` plants into a page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import html5lib
import pytest
from flask import Flask, abort
from werkzeug.exceptions import HTTPException

from tests.conftest import settings
from tests.walk import Seen, Stop, Walk, pages
from tracker import create_app
from tracker.errors import NotNow
from tracker.gate import public
from tracker.security import POLICY

DIRECTIONS = {
    "en": ("en", "ltr"),
    "fa": ("fa", "rtl"),
    "zh_Hans": ("zh-Hans", "ltr"),
    "zh_Hant": ("zh-Hant", "ltr"),
}
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
}
SILENT = {"hidden", "submit", "button", "reset"}
UNFINISHED = re.compile(r"%\(\w+\)|\{\{|\{%|&(?:lt|gt|amp|#\d+);|Undefined|\bNone\b")
CHOICES = {
    "a",
    "label",
    "option",
    "script",
    "style",
    "textarea",
}  # “None” is a word that one can choose
ERRORS = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def words(element: Any) -> str:
    """What an element says: its text, and the labels of pictures in it."""
    told = "".join(element.itertext()) + "".join(
        e.get("aria-label") or e.get("alt") or "" for e in element.iter()
    )
    return told.strip()


def faults(text: str, language: str) -> list[str]:
    """What is wrong with the HTML of a page that is read in `language`."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    wrong = [f"line {place[0]}: {name} {more}" for place, name, more in parser.errors]
    everything = [element for element in root.iter() if isinstance(element.tag, str)]
    if (root.get("lang"), root.get("dir")) != DIRECTIONS[language]:
        wrong.append(f"the page says {root.get('lang')}, {root.get('dir')}")
    ids = Counter(element.get("id") for element in everything if element.get("id") is not None)
    wrong += [
        f"the id “{id_}” stands {n} times" for id_, n in ids.items() if n > 1 or not id_.strip()
    ]
    title = root.findtext("head/title") or ""
    if not re.fullmatch(r"\s*\S.*\S · Throughline\s*", title, re.DOTALL):
        wrong.append(f"the title is “{title}”")
    headings = [words(element) for element in everything if element.tag == "h1"]
    if len(headings) != 1 or not headings[0]:
        wrong.append(f"the headings are {headings}")
    wrong += [f"<{e.tag}> {_named(e)} has no label" for e in _unlabelled(everything)]
    for element in everything:
        wrong += _dangling(element, ids)
        if element.tag in {"a", "button", "summary"} and not words(element):
            wrong.append(f"<{element.tag}> {_named(element)} says nothing")
        if element.tag == "img" and element.get("alt") is None:
            wrong.append(f"<img> {element.get('src')} has no alt")
        inner = [
            e.tag
            for e in element.iter()
            if e is not element and e.tag in {"a", "button", "input", "select", "summary"}
        ]
        if element.tag in {"a", "button"} and inner:
            wrong.append(f"<{inner[0]}> inside <{element.tag}>")
    told = " ".join(
        element.text + (element.tail or "")
        for element in everything
        if element.text and element.tag not in CHOICES
    )
    wrong += [f"“{found}” in the text" for found in set(UNFINISHED.findall(told))]
    return wrong


def _named(element: Any) -> str:
    return element.get("name") or element.get("class") or element.get("href") or ""


def _unlabelled(everything: list[Any]) -> Iterator[Any]:
    pointed = {
        element.get("for") for element in everything if element.tag == "label" and words(element)
    }
    inside = {
        id(e) for label in everything if label.tag == "label" and words(label) for e in label.iter()
    }
    for element in everything:
        control = element.tag in {"select", "textarea"} or (
            element.tag == "input" and element.get("type") not in SILENT
        )
        labels = (
            element.get("aria-label"),
            element.get("aria-labelledby"),
            element.get("id") in pointed or None,
        )
        if control and not any(labels) and id(element) not in inside:
            yield element


def _dangling(element: Any, ids: Counter[str]) -> list[str]:
    """References of an element to ids that are not on the page."""
    named = [
        (a, i)
        for a in (
            "aria-labelledby",
            "aria-describedby",
            "aria-controls",
            "popovertarget",
            "form",
            "list",
        )
        for i in (element.get(a) or "").split()
    ]
    if element.tag == "label" and element.get("for"):
        named.append(("for", element.get("for")))
    href = element.get("href") or ""
    if element.tag == "a" and href.startswith("#") and len(href) > 1:
        named.append(("href", href[1:]))
    return [
        f"{attribute}=“{id_}” of <{element.tag}> points nowhere"
        for attribute, id_ in named
        if id_ not in ids
    ]


def headers_missing(seen: Seen) -> list[str]:
    """What the headers of a page lack."""
    wrong = [
        f"{name}: {seen.headers.get(name)}"
        for name, value in HEADERS.items()
        if seen.headers.get(name) != value
    ]
    return wrong if seen.headers.get("X-Request-ID") else [*wrong, "no X-Request-ID"]


@pytest.mark.parametrize("endpoint", pages())
def test_a_page_is_sound_for_everybody_who_may_open_it(walk: Walk, endpoint: str) -> None:
    stops = walk.stops(endpoint)
    assert stops, f"nobody opens {endpoint}"
    wrong = []
    for stop in stops:
        seen = walk.see(stop)
        wrong += [
            f"{stop}: {fault}" for fault in (*faults(seen.text, "en"), *headers_missing(seen))
        ]
        assert seen.status == (410 if "used-long-ago" in stop.address else 200), stop
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("endpoint", pages())
def test_a_page_is_sound_in_persian(walk: Walk, endpoint: str) -> None:
    """For the first actor, at every address; the others differ by what is left out alone."""
    stops = [stop for stop in walk.stops(endpoint) if stop.actor == walk.stops(endpoint)[0].actor]
    wrong = [
        f"{stop}: {fault}" for stop in stops for fault in faults(walk.see(stop, "fa").text, "fa")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_home_and_board_are_sound_in_chinese(walk: Walk, language: str) -> None:
    for endpoint in ("overview.home", "boards.show"):
        assert not faults(walk.see(walk.stops(endpoint)[0], language).text, language)


@pytest.mark.parametrize("endpoint", pages())
def test_who_is_not_signed_in_is_asked_to(walk: Walk, endpoint: str) -> None:
    """And comes back to the same address. Planted: `next` left out of the redirect."""
    for stop in walk.stops(endpoint):
        if stop.actor != "nobody":
            answer = walk.get("nobody", stop.address)
            place = urlsplit(answer.headers["Location"])
            assert (answer.status, place.path) == (303, "/sign-in"), stop
            assert parse_qs(place.query)["next"] == [stop.address]


def local(stop: Stop, seen: Seen) -> set[str]:
    """The addresses on this site that a page links to."""
    root = html5lib.parse(seen.text, namespaceHTMLElements=False)
    links = {
        element.get(name)
        for element in root.iter()
        for name in ("href", "hx-get", "src")
        if isinstance(element.tag, str)
    }
    # What people brought as evidence leads elsewhere, and says nothing of where it stood.
    links -= {
        e.get("href") for e in root.iter("a") if e.get("rel") == "noopener noreferrer nofollow"
    }
    whole = {urljoin(stop.address, link) for link in links if link and not link.startswith("#")}
    here = {
        "",
        "mailto",
        "otpauth",
    }  # a mail, an authenticator app: of the device, and of no other host
    assert not {link for link in whole if urlsplit(link).scheme not in here}, (
        f"{stop} names another host"
    )
    return {link.split("#", maxsplit=1)[0] for link in whole if link.startswith("/")}


@pytest.mark.parametrize("endpoint", pages())
def test_links_lead_where_one_may_go(walk: Walk, endpoint: str) -> None:
    """A page offers nothing that would be refused: of each kind of address, the first that each actor is shown is opened.

    Planted: the link to the form that edits a board shown to everybody; `/initiative/` in a link of the card.
    """
    wrong = []
    for stop in walk.stops(endpoint):
        for link in sorted(local(stop, walk.see(stop))):
            try:
                target, _values = walk.app.url_map.bind("localhost").match(
                    urlsplit(link).path, method="GET"
                )
            except HTTPException as error:
                wrong.append(f"{stop} links to {link}: {error.code}")
                continue
            if (
                target in {"assets", "organisation.language"}
                or (stop.actor, target) in walk.followed
            ):
                continue
            walk.followed.add((stop.actor, target))
            if (status := walk.get(stop.actor, link).status) >= 400:
                wrong.append(f"{stop} links to {link}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def troubled(walk: Walk) -> Flask:
    """An application on the same database, where every kind of trouble has an address."""
    app = create_app(
        {
            **settings(walk.app.config["SQLALCHEMY_DATABASE_URI"], walk.app.config["DATA_DIR"]),
            "PROPAGATE_EXCEPTIONS": False,
        }
    )

    @public
    def trouble(status: int) -> Any:
        if status == 409:
            raise NotNow("It has ended.")
        if status == 500:
            raise ZeroDivisionError
        abort(status)

    app.add_url_rule("/trouble/<int:status>", view_func=trouble)
    return app


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("status", ERRORS)
def test_trouble_is_a_page_and_a_fragment(troubled: Flask, status: int, language: str) -> None:
    """Planted: the heading left out of errors/_error.html."""
    tab = troubled.test_client()
    tab.set_cookie("language", language)
    page = tab.get(f"/trouble/{status}")
    seen = Seen(page.status_code, dict(page.headers), page.get_data(as_text=True))
    assert seen.status == status
    assert not [*faults(seen.text, language), *headers_missing(seen)]
    part = tab.get(f"/trouble/{status}", headers={"HX-Request": "true"})
    assert part.status_code == status
    assert "<html" not in part.text
    root = html5lib.parse(seen.text, namespaceHTMLElements=False)
    assert words(next(root.iter("h1"))) in words(
        html5lib.parseFragment(part.text, namespaceHTMLElements=False)
    )


PAGE = """<!doctype html><html lang="en" dir="ltr"><head><title>Home · Throughline</title></head><body><h1>Home</h1>
<form><label for="a">Name</label><input id="a" name="a" aria-describedby="b"><p id="b">Short.</p></form><a href="#a">Go</a></body></html>"""
CANARIES = {
    "unexpected-end-tag": ("</form>", "</b></form>"),
    "says en, rtl": ('dir="ltr"', 'dir="rtl"'),
    "stands 2 times": ('id="b"', 'id="a"'),
    "the title is": ("Home · ", ""),
    "headings are": ("<h1>Home</h1>", "<h1></h1>"),
    "has no label": ('for="a"', 'for="b"'),
    "points nowhere": ('href="#a"', 'href="#c"'),
    "says nothing": (">Go<", "><"),
    "inside <a>": (">Go<", "><button>Go</button><"),
    "has no alt": (">Go<", '>Go<img src="x"><'),
    "“%(name)” in the text": ("Short.", "%(name)s is short."),
    "“None” in the text": ("Short.", "None"),
}


@pytest.mark.parametrize("found", CANARIES)
def test_the_contract_sees_the_fault(found: str) -> None:
    assert not faults(PAGE, "en")
    assert found in " ".join(faults(PAGE.replace(*CANARIES[found]), "en"))
