"""What makes a password good enough, and how it is kept."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from tracker.db import Busy
from tracker.organisation import blocklist, passwords

NAMES = ("Nadia Brennan", "nadia.brennan", "example.org", "Throughline", "Lanternby Energy")


EMOJI = "".join(chr(0x1F300 + number) for number in range(200))


@pytest.mark.parametrize(
    "password",
    [
        "copper-kettle-monday",
        "a long enough sentence",
        "الماس روی سنگ سرد رود",
        "红茶配冷面还有三只黑猫在窗台上看雨",
        "tr0ub4dor&3 goes home",
        "a summer password for the harbour cat",
        "739104826550173",
        EMOJI,
        "kettle over the harbour " * 3 + "and a heron, ",
        "".join(chr(32 + number * 37 % 95) for number in range(95)),
    ],
)
@pytest.mark.usefixtures("inside")
def test_a_few_words_are_good_enough(password: str) -> None:
    """No rule of composition: one script, no capital, digits alone, emoji alone (NIST SP 800-63B-4 section 3.1.1.2).

    Planted: signs and emoji not counted as one's own; digits not counted.
    """
    assert passwords.objection(password, names=NAMES) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "at least 15 characters"),
        ("short one", "at least 15 characters"),
        ("fourteen chars", "at least 15 characters"),
        (EMOJI * 5 + "x", "at most 1,000"),
        ("x" * 5_000_000, "at most 1,000"),
        ("🐟" * 200, "row of keys"),
        ("ﷺ" * 60, "at most 1,000"),
        ("aaaaaaaaaaaaaaaaaaaa", "row of keys"),
        ("               ", "row of keys"),
        ("123456789012345678", "row of keys"),
        ("abcdefghijklmnopqrst", "row of keys"),
        ("qwertyuiopasdfghjkl", "row of keys"),
        ("lkjhgfdsapoiuytrewq", "row of keys"),
        ("kettle kettle kettle", "row of keys"),
        ("kettle-kettle.kettle", "row of keys"),
        ("momsanaladventure", "on the list"),
        ("Momsanaladventure", "on the list"),
        ("polniypizdec0211", "on the list"),
        ("basketball-20261128", "on the list"),
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
    """Planted: the list not asked; digits behind a word left on; a long one normalised before its length was looked at."""
    assert words in (passwords.objection(password, names=NAMES) or "")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("k3ttle-9", None),
        ("48392017", None),
        ("kite-summer", None),
        ("🌧🐈🪟☕🐟🚲🌙🧦", None),
        ("seven77", "at least 8 characters"),
        ("liverpool", "on the list"),
        ("P@ssw0rd!", "on the list"),
        ("monkey2026", "on the list"),
        ("lanternby84", "common words"),
        ("qwertyui", "row of keys"),
        ("abababab", "row of keys"),
    ],
)
@pytest.mark.usefixtures("inside")
def test_beside_a_second_factor_eight_characters_do(password: str, words: str | None) -> None:
    """Planted: six letters of one's own asked of a short one as well; signs for letters left as they are."""
    said = passwords.objection(password, names=NAMES, shortest=passwords.SHORTEST_OF_TWO)
    assert (words in (said or "")) if words else said is None


def test_the_list_is_the_one_that_its_licence_names() -> None:
    """It is taken from kept sources as it is, and goes with its licence (the wheel's test looks for every file)."""
    kept = Path(blocklist.__file__)
    licence = kept.with_name("blocklist.LICENSE.txt").read_text()
    assert len(blocklist._known()) > 20_000
    assert "zxcvbn" in licence
    assert "Django" in licence
    assert kept.with_name("blocklist.txt.gz").stat().st_size < 120_000


@pytest.mark.usefixtures("inside")
def test_all_of_a_password_counts() -> None:
    """Up to the last of a thousand characters, four bytes each. Planted: cut to 800 characters before it was verified."""
    longest = "".join(chr(0x1F300 + number) for number in range(passwords.LONGEST))
    assert passwords.objection(longest) is None
    kept = passwords.hashed(longest)
    assert passwords.matches(kept, longest)
    assert not passwords.matches(kept, longest[:-1])
    assert not passwords.matches(kept, longest[:-1] + "x")
    assert not passwords.matches(kept, longest + "x")


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
