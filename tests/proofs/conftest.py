"""People with a second factor: an app whose codes a test can make, and devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pyotp.hotp import HOTP

from tests.cast import PASSWORD
from tests.conftest import Clock, Tab
from tests.proofs.device import Device
from tracker.db import db, writing
from tracker.organisation.people import Person
from tracker.proofs import recovery
from tracker.proofs.apps import AuthenticatorApp
from tracker.proofs.ceremonies import place, registered, to_register
from tracker.proofs.codes import STEP, new_secret
from tracker.proofs.passkeys import Passkey


class App:
    """The app of somebody, on a phone whose clock may be wrong."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self.secret, self.clock = secret, clock

    def code(self, *, steps: int = 0) -> str:
        """What it shows now, or as many steps of half a minute later."""
        return HOTP(self.secret).at(int(self.clock().timestamp()) // STEP + steps)


@pytest.fixture
def with_app(app: Flask, clock: Clock) -> Callable[[Any], App]:
    """Give somebody an app, whose codes count from the next step on."""

    def give(person: Any) -> App:
        phone = App(new_secret(), clock)
        with app.app_context(), writing():
            one = db.session.get_one(Person, person.id)
            step = int(clock().timestamp()) // STEP - 2
            AuthenticatorApp.set_up(one, phone.secret, step, by=one, now=clock())
        return phone

    return give


@pytest.fixture
def with_passkey(app: Flask, clock: Clock) -> Callable[..., Device]:
    """Give somebody a passkey."""

    def give(person: Any, device: Device | None = None) -> Device:
        device = device or Device()
        with app.app_context():
            one, here = db.session.get_one(Person, person.id), place()
            assert here is not None
            question = to_register(one, "Y2hhbGxlbmdl", here, "Throughline")
            made = registered(device.make(question), "Y2hhbGxlbmdl", one, here)
            db.session.rollback()
            with writing():
                one = db.session.get_one(Person, person.id)
                Passkey.add(one, name="A key", by=one, now=clock(), **made)
        return device

    return give


@pytest.fixture
def with_codes(app: Flask, clock: Clock) -> Callable[[Any], list[str]]:
    """Give somebody recovery codes."""

    def give(person: Any) -> list[str]:
        with app.app_context(), writing():
            one = db.session.get_one(Person, person.id)
            return recovery.make_new(one, by=one, now=clock())

    return give


@pytest.fixture
def arriving(as_: Callable[[Any], Tab]) -> Callable[[Any], tuple[Tab, Any]]:
    """Let somebody type the right password; return their tab and the answer."""

    def arrive(person: Any, **more: Any) -> tuple[Tab, Any]:
        tab = as_(None)
        return tab, tab.submit("/sign-in", email=person.email, password=PASSWORD, **more)

    return arrive


def is_in(tab: Tab) -> bool:
    """Tell whether this tab is signed in."""
    return tab.get("/settings/profile").status_code == 200
