"""What makes a password good enough, and how it is kept."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher
from flask import Flask

from tracker.db import Busy
from tracker.organisation import passwords

NAMES = ("Nadia Brennan", "nadia.brennan", "example.org", "Throughline", "Lanternby Energy")


@pytest.mark.parametrize(
    "password",
    [
        "copper-kettle-monday",
        "a long enough sentence",
        "الماس روی سنگ سرد رود",
        "红茶配冷面还有三只黑猫在窗台上看雨",
        "tr0ub4dor&3 goes home",
    ],
)
@pytest.mark.usefixtures("inside")
def test_a_few_words_are_good_enough(password: str) -> None:
    assert passwords.objection(password, names=NAMES) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short one", "at least 15 characters"),
        ("fourteen chars", "at least 15 characters"),
        ("x" * 201, "at most 200"),
        ("aaaaaaaaaaaaaaaaaaaa", "row of keys"),
        ("123456789012345678", "row of keys"),
        ("abcdefghijklmnopqrst", "row of keys"),
        ("qwertyuiopasdfghjkl", "row of keys"),
        ("lkjhgfdsapoiuytrewq", "row of keys"),
        ("kettle kettle kettle", "row of keys"),
        ("Password Password1!", "common words"),
        ("welcome2026welcome!", "common words"),
        ("Throughline-2026-ok", "common words"),
        ("NadiaBrennan1984!!!", "common words"),
        ("lanternby energy 26", "common words"),
        ("correct horse battery staple", "common words"),
    ],
)
@pytest.mark.usefixtures("inside")
def test_what_is_tried_first_is_refused(password: str, words: str) -> None:
    assert words in (passwords.objection(password, names=NAMES) or "")


@pytest.mark.usefixtures("inside")
def test_every_keyboard_types_the_same_password() -> None:
    """Canary: hash the bytes as they come."""
    kept = passwords.hashed("ｆｕｌｌ width café au lait")
    assert passwords.matches(kept, "full width cafe\u0301 au lait")
    assert not passwords.matches(kept, "full width cafe au lait")


@pytest.mark.usefixtures("inside")
def test_a_damaged_hash_lets_nobody_in() -> None:
    assert not passwords.matches("$argon2id$nonsense", "a long enough sentence")


def test_outside_tests_a_hash_costs_what_it_should() -> None:
    """The real parameters, once: argon2id with 46 MB."""
    kept = passwords._made(cheap=False).hash("a long enough sentence")
    assert kept.startswith("$argon2id$")
    assert "m=47104,t=1,p=1" in kept
    assert PasswordHasher().verify(kept, "a long enough sentence")


def test_at_most_two_hashes_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third waits, then the answer is 503. Canary: a larger semaphore."""
    monkeypatch.setattr(passwords, "PATIENCE", 0.05)
    inside, leave = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with passwords._Place():
            inside.wait(5)
            leave.wait(5)

    holders = [threading.Thread(target=hold) for _ in range(2)]
    for holder in holders:
        holder.start()
    inside.wait(5)
    with app.app_context(), pytest.raises(Busy):
        passwords.hashed("a long enough sentence")
    leave.set()
    for holder in holders:
        holder.join()
    with app.app_context():
        assert passwords.hashed("a long enough sentence")
