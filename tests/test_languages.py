"""Language tags of browsers and people become one of the four languages, with its own words."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import gettext, ngettext

from tracker import languages, paths

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Board"
msgstr "看板"

#, fuzzy
msgid "Blocker"
msgstr "不對"

msgid "Partner"
msgstr ""

msgid "%(num)d day"
msgid_plural "%(num)d days"
msgstr[0] "%(num)d 天"

msgid "Two lines."
msgstr "兩行。"
"""


@pytest.fixture
def chinese(tmp_path, monkeypatch):
    folder = tmp_path / "zh_Hant" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.setattr(paths, "TRANSLATIONS", tmp_path)
    app = Flask("words")
    languages.init_app(app, locale=lambda: "zh_Hant")
    with app.test_request_context():
        yield app


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("en-GB", "en"),
        ("zh-Hant", "zh_Hant"),
        ("zh_Hant", "zh_Hant"),
        ("zh-TW", "zh_Hant"),
        ("ZH-hk", "zh_Hant"),
        ("zh-Hans-HK", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh", "zh_Hans"),
        ("fa-IR", "fa"),
        ("far", None),
        ("de", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_names_a_language(tag, locale):
    assert languages.locale_named(tag) == locale


def test_the_first_language_that_is_there_wins():
    assert languages.best_locale(["de", "fa", "en"]) == "fa"
    assert languages.best_locale(["de"]) == "en"


def test_the_page_says_its_language_and_direction():
    assert languages.html_lang("zh_Hant") == "zh-Hant"
    assert [languages.direction(locale) for locale in languages.LOCALES] == ["ltr"] * 3 + ["rtl"]


def test_words_come_from_the_catalogue_without_compiling(chinese):
    assert gettext("Board") == "看板"
    assert ngettext("%(num)d day", "%(num)d days", 3) == "3 天"


def test_doubtful_and_empty_entries_stay_english(chinese):
    assert gettext("Blocker") == "Blocker"
    assert gettext("Partner") == "Partner"


def test_line_breaks_in_a_template_are_not_part_of_a_sentence(chinese):
    page = chinese.jinja_env.from_string("{% trans %}\n  Two\n  lines.\n{% endtrans %}")
    assert page.render() == "兩行。"
