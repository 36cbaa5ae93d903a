"""Every string is there in every language, says the same things, and nothing is left of what was taken out.

Planted faults seen red: an empty entry, a fuzzy one, a placeholder that was translated, a new string in a template.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tracker import languages, paths

OTHERS = [locale for locale in languages.LOCALES if locale != languages.SOURCE]
KEYWORDS = {
    "_": None, "gettext": None, "_l": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|</?\w+>|\{\w+\}")


@cache
def strings() -> frozenset[Any]:
    """Every string that the code and the templates mark for translation, those of plain mails too."""
    found = set()
    for folder, methods in (
        (paths.PACKAGE, [("**.py", "python")]),
        (paths.TEMPLATES, [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        options = {kind: {"silent": "false", "trimmed": "true"} for kind in ("**.html", "**.txt")}
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(folder), methods, options, KEYWORDS
        ):
            found.add(message)
    return frozenset(found)


@cache
def catalogue(locale: str) -> Catalog:
    with (paths.TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


@pytest.mark.parametrize("locale", OTHERS)
def test_every_string_is_translated(locale: str) -> None:
    entries = {message.id: message for message in catalogue(locale) if message.id}
    missing = [message for message in strings() if message not in entries]
    assert not missing, (
        f"{len(missing)} strings are not in {locale}: run `make translations`: {missing[:5]}"
    )
    empty = [
        m.id
        for m in entries.values()
        if m.fuzzy or not all(m.string if isinstance(m.string, tuple) else (m.string,))
    ]
    assert not empty, f"{len(empty)} entries of {locale} are empty or fuzzy: {empty[:5]}"


@pytest.mark.parametrize("locale", OTHERS)
def test_nothing_is_left_of_what_was_taken_out(locale: str) -> None:
    stale = [
        message.id for message in catalogue(locale) if message.id and message.id not in strings()
    ]
    assert not stale, f"{locale} still has: {stale[:5]}"


@pytest.mark.parametrize("locale", OTHERS)
def test_placeholders_stay_as_they_are(locale: str) -> None:
    wrong = []
    for message in catalogue(locale):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, tuple) else (message.id,)
        target = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = set(PLACEHOLDER.findall(source[-1]))
        needed = allowed - {"%(num)s"} if len(source) > 1 else allowed
        wrong += [
            message.id for text in target if not needed <= set(PLACEHOLDER.findall(text)) <= allowed
        ]
    assert not wrong, f"{locale} changes placeholders of: {wrong[:5]}"
