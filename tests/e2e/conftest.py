"""The demo behind the shipped start command, and somebody's browser on it, signed in once by cookie."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests.aims import aim
from tests.conftest import Tab
from tests.live import Server
from tests.walk import Walk, bring_files, enrich, person_of
from tracker import create_app
from tracker.clock import now
from tracker.config import settings_from_environment
from tracker.db import db, writing
from tracker.demo.accounts import ACCOUNTS
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.organisation.units import Unit


@pytest.fixture(scope="session")
def insight(live_server: Server) -> Iterator[Walk]:
    """The same database, looked into from here: which rows there are, and who may open which page."""
    settings = settings_from_environment({"TRACKER_DATA_DIR": str(live_server.data_dir)})
    app = create_app({**settings, "TESTING": True, "PROPAGATE_EXCEPTIONS": True})
    app.test_client_class = Tab
    with app.app_context():
        enrich(now())
    walk = Walk(app)
    bring_files(walk.tab)
    walk.language = ""
    walk.speak("en")
    yield walk
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def cookies(live_server: Server) -> Callable[[str], dict[str, Any]]:
    """The stored state of a browser in which somebody has signed in: `cookies("manager")`."""
    kept: dict[str, dict[str, Any]] = {}

    def signed_in(actor: str, *, anew: bool = False) -> dict[str, Any]:
        if anew or actor not in kept:
            account = next(account for account in ACCOUNTS if account.role == actor)
            jar = CookieJar()
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
            with opener.open(f"{live_server.url}/sign-in") as page:
                token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
            assert token
            fields = {"email": account.email, "password": account.password, "csrf_token": token[1]}
            body = urllib.parse.urlencode(fields).encode()
            with opener.open(f"{live_server.url}/sign-in", body) as answer:
                assert "/sign-in" not in answer.url
            state = {
                "cookies": [
                    {"name": c.name, "value": c.value, "domain": "127.0.0.1", "path": "/", "httpOnly": True, "sameSite": "Lax"}
                    for c in jar
                ],
                "origins": [],
            }  # fmt: skip
            if anew:
                return state
            kept[actor] = state
        return kept[actor]

    return signed_in


@pytest.fixture
def as_actor(open_page: Callable[..., Page], cookies: Any) -> Callable[..., Page]:
    """Open a page as somebody: `as_actor("manager", "/boards/whole-portfolio", viewport=NARROW)`.

    Whoever will sign out signs in `anew`: the others go on with the sign-in that they share.
    """

    def opened(actor: str, path: str = "/", *, anew: bool = False, **options: Any) -> Page:
        if actor != "nobody":
            options["storage_state"] = cookies(actor, anew=anew)
        return open_page(path, **options)

    return opened


@pytest.fixture
def going_on(insight: Walk) -> str:
    """The number of an initiative at `piloting` whose sponsor, the executive, may open the next stage at once."""
    with insight.app.app_context(), writing():
        manager, executive = person_of("manager"), person_of("executive")
        unit = db.session.scalars(select(Unit.id).order_by(Unit.id.desc()).limit(1)).one()
        made = Initiative.create(
            title="A refund in one call", lead_unit_id=unit, by=manager, now=now(), lead=manager
        )
        made.propose_sponsor(executive, by=manager, now=now(), adopt_at=Stage.piloting)
        aim(made)
        made.accept_sponsorship(by=executive, now=now())
        return made.ref
