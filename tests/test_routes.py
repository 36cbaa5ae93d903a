"""The committed map of addresses. A line that goes or changes is a decision: `python -m tests.test_routes` writes it anew.

Planted faults seen red: a view without a declaration; a route that was taken away.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask

from tests.conftest import settings
from tracker import create_app

FILE = Path(__file__).with_name("routes.txt")


def lines(app: Flask) -> list[str]:
    """Return "METHOD address act" for every route, sorted by address."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        act = "public" if getattr(view, "public", False) else getattr(view, "act", None)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [(rule.rule, method, str(act) if act else "UNDECLARED") for method in methods]
    return [f"{method:4} {address}  {act}" for address, method, act in sorted(found)]


def test_the_map_is_the_committed_one(app: Flask) -> None:
    assert lines(app) == FILE.read_text("utf-8").splitlines()


def test_every_view_says_who_may_enter(app: Flask) -> None:
    silent = [
        f"{rule.rule}: {app.view_functions[rule.endpoint].__module__}.{app.view_functions[rule.endpoint].__name__} needs @allow or @public"
        for rule in app.url_map.iter_rules()
        if not getattr(app.view_functions[rule.endpoint], "public", False)
        and getattr(app.view_functions[rule.endpoint], "act", None) is None
    ]
    assert not silent, "\n".join(silent)


def test_a_view_that_says_nothing_lets_nobody_in(app: Flask, cast: object, as_: object) -> None:
    """Canary for the test above: an undeclared view answers 403, to administrators too."""
    made = create_app({**app.config, "TESTING": True})
    made.test_client_class = app.test_client_class
    made.add_url_rule("/undeclared", view_func=lambda: "in")
    tab = made.test_client()
    assert tab.get("/undeclared").status_code == 403
    tab.sign_in(cast.admin)  # type: ignore[attr-defined]
    assert tab.get("/undeclared").status_code == 403


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        written = lines(create_app(settings(f"sqlite:///{folder}/routes.db", Path(folder))))
        FILE.write_text("\n".join(written) + "\n", "utf-8")
