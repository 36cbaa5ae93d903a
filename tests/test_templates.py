"""Templates show what the view has loaded, every one of them is there and used, and every form comes back safely.

Each test says which fault was planted to see it fail.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from jinja2 import nodes
from sqlalchemy import func, select
from werkzeug.exceptions import HTTPException

from tests.walk import Walk, pages, plain_app
from tracker import paths
from tracker.db import db
from tracker.organisation.units import Unit

TEMPLATES = sorted(
    file.relative_to(paths.TEMPLATES).as_posix() for file in paths.TEMPLATES.rglob("*.html")
)


@cache
def tree(name: str) -> nodes.Template:
    """A template, parsed."""
    return plain_app().jinja_env.parse((paths.TEMPLATES / name).read_text("utf-8"), name)


@pytest.mark.parametrize("endpoint", pages())
def test_no_template_asks_the_database(walk: Walk, endpoint: str) -> None:
    """Planted: `render` of web.py without the line that asks for the duties: boards and blockers ask for them."""
    stops = walk.stops(endpoint)
    assert stops, (
        f"no actor of the demo opens {endpoint}: the walk needs a row of that kind (tests/walk.py)"
    )
    asked = {f"{stop}: {sql[:160]}" for stop in stops for sql in walk.see(stop).rendering}
    assert not asked, "Load it in the view:\n" + "\n".join(sorted(asked))


def named_in_code() -> set[str]:
    """Every string of the package that ends like a template; a part in braces stands for anything."""
    found = set()
    for file in paths.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                text = "".join(
                    str(v.value) if isinstance(v, ast.Constant) else "*" for v in node.values
                )
            else:
                text = (
                    node.value
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                    else ""
                )
            if re.fullmatch(r"[\w*/-]+\.html", text):
                found.add(text)
    return found


def referred(name: str) -> set[str]:
    """The templates that one extends, includes or imports; by a condition, each of those it chooses from."""
    loading = (nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)
    chosen = [found.template for found in tree(name).find_all(loading)]
    names = {
        part.value
        for one in chosen
        for part in (one, *one.find_all(nodes.Const))
        if isinstance(part, nodes.Const)
    }
    return {part for part in names if isinstance(part, str) and part.endswith(".html")}


def test_every_template_is_there_and_used() -> None:
    """Planted: `overview/hom.html` in overview/views.py; a file templates/overview/old.html."""
    named = named_in_code()
    patterns = {name: re.compile(re.escape(name).replace(r"\*", r"[\w-]+")) for name in named}
    used = {
        template for template in TEMPLATES if any(p.fullmatch(template) for p in patterns.values())
    }
    missing = {
        name
        for name, pattern in patterns.items()
        if not any(pattern.fullmatch(t) for t in TEMPLATES)
    }
    ends = {
        name for name in missing if any(template.endswith(f"/{name}") for template in TEMPLATES)
    }
    used |= {
        template for template in TEMPLATES if any(template.endswith(f"/{name}") for name in ends)
    }
    waiting = list(used)
    while waiting:
        for other in referred(waiting.pop()):
            if other not in TEMPLATES:
                missing.add(other)
            elif other not in used:
                used.add(other)
                waiting.append(other)
    assert not missing - ends, "These are named and not there."
    assert used == set(TEMPLATES), f"Nothing shows {sorted(set(TEMPLATES) - used)}."


def imported(name: str) -> set[str]:
    """The macros that a template imports by name."""
    parts = [part for found in tree(name).find_all(nodes.FromImport) for part in found.names]
    return {part if isinstance(part, str) else part[1] for part in parts}


def needed(name: str) -> set[str]:
    """The names that a template reads, and what it includes reads without importing it there."""
    names = {found.name for found in tree(name).find_all(nodes.Name) if found.ctx == "load"}
    for found in tree(name).find_all(nodes.Include):
        if isinstance(found.template, nodes.Const):
            names |= needed(found.template.value) - imported(found.template.value)
    return names


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_macro_is_imported_for_nothing(name: str) -> None:
    """Planted: `{% from "components/icon.html" import icon %}` in boards/delete.html."""
    idle = imported(name) - needed(name)
    assert not idle, f"{name} imports {sorted(idle)} and does not use it."


# Forms that may come twice: who one is can be proved as often as one likes.
# Forms that no session stands behind: they carry what their link alone gives.
OWN_KEYS = {"approvals.by_mail": "link_key", "approvals.not_yet_by_mail": "link_key"}
TWICE = {"proofs.again"}


def forms(page: str) -> list[Any]:
    """The forms of a page, as elements."""
    return list(html5lib.parse(page, namespaceHTMLElements=False).iter("form"))


def route_of(app: Flask, address: str, method: str) -> str | None:
    """The endpoint that an address of a page leads to with this method; None for none."""
    path = urlsplit(address).path
    try:
        return app.url_map.bind("localhost").match(path, method=method)[0]
    except HTTPException:
        return None


@pytest.mark.parametrize("endpoint", pages())
def test_every_form_leads_somewhere_and_counts_once(walk: Walk, endpoint: str) -> None:
    """A form that changes something carries the token against forgery and the key of this submit.

    Before one is signed in there is no key: nobody's submits are kept. Planted: `keys()` left out of boards/delete.html;
    `/sponsorshipz` as the action in initiatives/sponsorship.html; `method="put"`.
    """
    wrong = []
    for stop in walk.stops(endpoint):
        for form in forms(walk.see(stop).text):
            method = form.get("method", "get")
            if method == "dialog":
                continue
            if method not in {"get", "post"}:
                wrong.append(f"{stop}: a form of method {method}")
                continue
            target = route_of(walk.app, form.get("action") or stop.address, method.upper())
            if target is None:
                wrong.append(
                    f"{stop}: a {method} form leads to {form.get('action')}, which takes none"
                )
            elif method == "post":
                hidden = {
                    i.get("name"): i.get("value")
                    for i in form.iter("input")
                    if i.get("type") == "hidden"
                }
                needed = {OWN_KEYS.get(target, "csrf_token")}
                if target not in TWICE and not getattr(
                    walk.app.view_functions[target], "public", False
                ):
                    needed.add("once")
                if lacking := {name for name in needed if not hidden.get(name)}:
                    wrong.append(f"{stop}: the form to {target} lacks {', '.join(sorted(lacking))}")
    assert not wrong, "\n".join(wrong)


def test_a_template_that_asks_is_caught(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Canary of the first test: a template that reads what was not loaded is seen to do so."""
    asks = "{{ nav and signed_in and organisation_heads() }}"
    template = walk.app.jinja_env.from_string(asks)
    monkeypatch.setattr(
        walk.app.jinja_env, "get_or_select_template", lambda *_names, **_more: template
    )
    monkeypatch.setitem(walk.app.jinja_env.globals, "organisation_heads", _heads)
    assert len(walk.get("auditor", "/boards").rendering) == 1


def _heads() -> int:
    return db.session.scalar(select(func.count()).select_from(Unit)) or 0
