"""Words in cells: colours, stages, roles; names that tidy up."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from tracker.importing.tidy import acronyms_in, key, tidy_name, tidy_text
from tracker.importing.words import BadValue, colour, meaning
from tracker.initiatives.stages import Stage, stage_name


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("RED", "off_track"),
        ("Amber ", "at_risk"),
        ("g", "on_track"),
        ("On-Track", "on_track"),
        ("at_risk", "at_risk"),
        ("زرد", "at_risk"),
        ("偏離", "off_track"),
        ("", None),
        ("Exempt", None),
        ("n/a", None),
    ],
)
def test_colours(text: str, meant: str | None) -> None:
    assert colour(text) == meant


def test_purple_is_refused_naming_what_is_allowed() -> None:
    # Canary: colour() answering None for unknown words.
    with pytest.raises(BadValue) as raised:
        colour("PURPLE")
    assert "“PURPLE”" in raised.value.words
    assert "red, amber, green" in raised.value.words


@pytest.mark.parametrize("text", ["Rolling out", "rolling_out", "推广", "推廣", "در حال گسترش"])
def test_stages_have_names_in_four_languages(text: str) -> None:
    assert meaning("stage", text) == "rolling_out"


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant", "fa"])
def test_stages_are_understood_by_the_names_that_pages_give_them(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        names = {stage.value: str(stage_name(stage)) for stage in Stage}
    assert {meaning("stage", name) for name in names.values()} == set(names)


def test_an_unknown_stage_is_refused_naming_the_stages() -> None:
    with pytest.raises(BadValue) as raised:
        meaning("stage", "Phase 9")
    assert "proving benefit" in raised.value.words


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("SCHOOL REBUILDING PROGRAMME", "School Rebuilding Programme"),
        ("  Brownfield,  Land (BIL) ", "Brownfield, Land (BIL)"),
        ("POST OFFICE - NEW IT SYSTEM", "Post Office - New IT System"),
        ("ASYLUM ACCOMMODATION PROGRAMME (AAP)", "Asylum Accommodation Programme (AAP)"),
        ("T-LEVELS", "T-Levels"),
        ("2ND GENERATION UK SEARCH AND RESCUE", "2nd Generation UK Search and Rescue"),
        ("HS2 PHASE II", "HS2 Phase II"),
        ("DATA FOR RESEARCH (R&D)", "Data for Research (R&D)"),
        ("HMCTS", "HMCTS"),
        ("METEOR", "METEOR"),
        ("T-Levels", "T-Levels"),
        ("Two\nlines\u200b here", "Two lines here"),
        ("’=1", "’=1"),
        ("'=sum(A1)", "=sum(A1)"),
        ("客户服务（新）", "客户服务（新）"),
        ("وب‌گاه", "وب‌گاه"),
        ("ﻣﺮﻛﺰ", "مركز"),
        ("ＡＢ１２", "AB12"),
    ],
)
def test_names_tidy_up(text: str, tidy: str) -> None:
    assert tidy_name(text) == tidy
    assert tidy_name(tidy) == tidy


def test_acronyms_of_the_file_keep_their_capitals() -> None:
    names = ["PHE SCIENCE HUB", "Work of PHE", "OTHER THING"]
    assert tidy_name(names[0], acronyms_in(names)) == "PHE Science Hub"


def test_texts_keep_their_lines() -> None:
    assert tidy_text(" a  b\r\n c\x07 \r\n") == "a b\nc"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("School  Rebuilding", "SCHOOL REBUILDING "),
        ("مركز تماس ي", "مرکز تماس ی"),
        ("وب‌گاه", "وب گاه"),
        ("ＣＲＭ", "crm"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)
