"""Passwords: what makes one good enough (NIST SP 800-63B-4 section 3.1.1.2), and how it is kept (argon2id).

No rule asks for digits or capitals and none expires: length does the work, and a list keeps out what everybody tries.
A character is a Unicode code point, after NFKC.
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

from tracker.db import Busy
from tracker.organisation.blocklist import is_listed
from tracker.wording import ngettext, number

SHORTEST = 15  # characters, for a password that is the only factor
SHORTEST_OF_TWO = 8  # for one that never lets anybody in without a second factor
LONGEST = 1000  # the hash takes any; this is what a request may cost
FEWEST_OWN_LETTERS = 6  # that must remain once common words and names are taken out...
FEWEST_OF_TWO = 4  # ... and of a short password
PATIENCE = 5  # seconds to wait for one of the places

_places = threading.BoundedSemaphore(
    2
)  # a hash takes 46 MB: more at once would let sign-ins exhaust the memory
_COMMON = (
    *(
        "password",
        "passwort",
        "passwd",
        "passphrase",
        "letmein",
        "welcome",
        "iloveyou",
        "monkey",
        "dragon",
        "sunshine",
    ),
    *(
        "princess",
        "football",
        "baseball",
        "superman",
        "batman",
        "trustno",
        "master",
        "shadow",
        "michael",
        "qwerty",
    ),
    *(
        "qwertz",
        "azerty",
        "asdf",
        "zxcv",
        "admin",
        "administrator",
        "login",
        "secret",
        "changeme",
        "default",
        "guest",
    ),
    *(
        "test",
        "hello",
        "summer",
        "winter",
        "spring",
        "autumn",
        "company",
        "customer",
        "experience",
        "correcthorsebatterystaple",
    ),
)
_RUNS = (
    "0123456789" * 21,
    "abcdefghijklmnopqrstuvwxyz" * 8,
    "qwertyuiopasdfghjklzxcvbnm" * 8,
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p" * 6,
)


def normalised(password: str) -> str:
    """Return the password as it is hashed and compared: NFKC, so that every keyboard types the same one."""
    return unicodedata.normalize("NFKC", password)


def objection(password: str, *, names: Iterable[str] = (), shortest: int = SHORTEST) -> str | None:
    """Return in plain words why `password` will not do, or None.

    `names` are what an attacker would try first here: the person's name and address, the product, the organisation.
    `shortest` is how many characters it needs: see `choosing.shortest_for`.
    """
    text = normalised(password[: LONGEST * 4])
    if len(text) < shortest:
        return ngettext(
            "Use at least %(num)s character. A few words in a row are easy to keep in mind.",
            "Use at least %(num)s characters. A few words in a row are easy to keep in mind.",
            shortest,
        )
    if len(text) > LONGEST:
        return _("Use at most %(most)s characters.", most=number(LONGEST))
    if _is_row(text.casefold()):
        return _(
            "This is a row of keys or a repetition, which is tried first. Use a few words that do not belong together."
        )
    if is_listed(text):
        return _(
            "This password is on the list of those that are tried first everywhere. Choose another one."
        )
    if _is_of_this_place(text.casefold(), names, shortest):
        return _(
            "This is made of common words or names of this place, which are tried first. Add words of your own."
        )
    return None


def is_short(password: str) -> bool:
    """Tell whether `password` is too short to be the only factor."""
    return len(normalised(password)) < SHORTEST


def _is_row(text: str) -> bool:
    """Tell whether there are few characters again and again, or a row of keys; signs between letters hide neither."""
    whole = "".join(text.split())
    if len(set(whole)) < 5 or _repeats(whole):
        return True
    plain = "".join(c for c in whole if c.isalnum())
    return len(plain) >= len(whole) / 2 and (len(set(plain)) < 5 or _repeats(plain) or _runs(plain))


def _repeats(plain: str) -> bool:
    return (plain + plain).find(plain, 1) < len(plain)


def _runs(plain: str) -> bool:
    return any(plain in run or plain in run[::-1] for run in _RUNS)


def _is_of_this_place(text: str, names: Iterable[str], shortest: int) -> bool:
    """Tell whether hardly anything remains without common words and names.

    Digits do not count as one's own then, since years and counters are what people append.
    """
    names = [normalised(name).casefold() for name in names]
    words = {word for name in names for word in re.split(r"\W+", name) if len(word) >= 3}
    words |= {"".join(c for c in name if c.isalnum()) for name in names} - {""}
    plain = whole = "".join(c for c in text if c.isalnum())
    for word in sorted(words | set(_COMMON), key=len, reverse=True):
        plain = plain.replace(word, "")
    own = sum(not c.isdecimal() for c in plain)
    return plain != whole and own < (FEWEST_OWN_LETTERS if shortest == SHORTEST else FEWEST_OF_TWO)


def hashed(password: str) -> str:
    """Return the hash that is stored. Slow on purpose: never call it while a write transaction is open.

    Raises `Busy` when too many passwords are being checked at once.
    """
    with _Place():
        return _hasher().hash(normalised(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one behind `stored`; as slow where there is none, so that time tells nothing.

    Raises `Busy` when too many passwords are being checked at once.
    """
    hasher = _hasher()
    with _Place():
        try:
            right = hasher.verify(stored or _of_nobody(hasher), normalised(password))
            return right and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Tell whether `stored` was made with other parameters than today's, so that it is hashed again at sign-in."""
    return _hasher().check_needs_rehash(stored)


def _hasher() -> PasswordHasher:
    return _made(cheap=bool(current_app.config.get("TESTING")))


@cache
def _made(*, cheap: bool) -> PasswordHasher:
    if cheap:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)


@cache
def _of_nobody(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe(32))


class _Place:
    """One of the places at which passwords are hashed."""

    def __enter__(self) -> None:
        if not _places.acquire(timeout=PATIENCE):
            raise Busy

    def __exit__(self, *_exc: object) -> None:
        _places.release()
