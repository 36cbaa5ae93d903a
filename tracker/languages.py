"""The languages of the interface, and where their words come from.

The catalogues are the ``.po`` files that translators edit. They are read straight into memory
when a language is first needed, so nothing has to be compiled before the program runs and no
compiled file can be older than its source.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from datetime import tzinfo
from functools import cached_property
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale

from tracker import paths

SOURCE = "en"
NAMES = {"en": "English", "zh_Hans": "简体中文", "zh_Hant": "繁體中文", "fa": "فارسی"}
LOCALES = tuple(NAMES)
_TRADITIONAL_REGIONS = {"tw", "hk", "mo"}


def init_app(
    app: Flask,
    *,
    locale: Callable[[], str | None],
    timezone: Callable[[], str | tzinfo | None] | None = None,
) -> None:
    """Give ``app`` its translations; ``locale`` and ``timezone`` answer for the current request."""
    # As in pyproject.toml: line breaks inside {% trans %} are not part of the sentence.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    _Languages(app, locale_selector=locale, timezone_selector=timezone)


def locale_named(tag: str | None) -> str | None:
    """The supported locale for a language tag of a browser or a person, or None.

    Both ``zh-Hant`` and ``zh_Hant`` are understood; regions decide the script of Chinese:
    ``zh-TW`` is traditional, ``zh-SG`` and plain ``zh`` are simplified.
    """
    parts = (tag or "").replace("_", "-").lower().split("-")
    language, rest = parts[0], set(parts[1:])
    if language == "zh":
        if "hant" in rest:
            return "zh_Hant"
        if "hans" not in rest and rest & _TRADITIONAL_REGIONS:
            return "zh_Hant"
        return "zh_Hans"
    return language if language in NAMES else None


def best_locale(tags: Iterable[str]) -> str:
    """The first supported locale of ``tags``, which stand in order of preference; else English."""
    for tag in tags:
        found = locale_named(tag)
        if found is not None:
            return found
    return SOURCE


def html_lang(locale: str) -> str:
    """The value of the ``lang`` attribute: ``zh_Hant`` is written ``zh-Hant`` on the web."""
    return locale.replace("_", "-")


def direction(locale: str) -> str:
    """``rtl`` or ``ltr``, for the ``dir`` attribute."""
    return Locale.parse(locale).text_direction


def read_catalogue(file: Path, locale: str) -> Translations:
    """The translations to ``locale`` in a ``.po`` file; fuzzy and empty entries are left out."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class Catalogues(Domain):
    """Flask-Babel's source of translations, fed from ``<folder>/<locale>/LC_MESSAGES``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(translation_directories=[str(folder)])
        self._folder = folder
        self._by_locale: dict[str, NullTranslations] = {SOURCE: NullTranslations()}
        self._reading = threading.Lock()

    def get_translations(self) -> NullTranslations:
        """The translations of the current request's locale; English words outside a request."""
        return self.of(str(get_locale() or SOURCE))

    def of(self, locale: str) -> NullTranslations:
        """The translations of ``locale``, read at the first call and kept."""
        known = self._by_locale.get(locale)
        if known is not None:
            return known
        with self._reading:
            if locale not in self._by_locale:
                file = self._folder / locale / "LC_MESSAGES" / "messages.po"
                known = read_catalogue(file, locale) if file.is_file() else NullTranslations()
                self._by_locale[locale] = known
            return self._by_locale[locale]


class _Languages(Babel):
    @cached_property
    def domain_instance(self) -> Catalogues:
        return Catalogues(paths.TRANSLATIONS)
