"""Which column holds what, and maps as files."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from tracker.importing.columns import BadMap, Confidence, Mapping, guessed
from tracker.importing.fields import FIELDS, What
from tracker.importing.headings import headings_of
from tracker.importing.maps import from_toml, to_toml
from tracker.importing.reading import Table, read
from tracker.importing.rivals import Rivals


def table(*rows: str) -> Table:
    return read("\n".join(rows).encode(), "file.csv")


def test_the_headings_of_a_real_portfolio_are_understood() -> None:
    # Canary: _exactly() without _UNIT_OF_MEASURE loses the cost.
    mapping, sure = guessed(
        What.initiatives,
        table(
            "project,department,category,year,project_id,cost_m,variance_pct,rating,risk_tier",
            "Hubs,CO,ICT,2024-25,CO_1,558.0,12.79,AMBER,High",
        ),
    )
    assert mapping.columns == {
        "ref": "project_id",
        "name": "project",
        "unit": "department",
        "category": "category",
        "period": "year",
        "colour": "rating",
        "budget": "cost_m",
    }
    assert set(sure.values()) == {Confidence.sure}


@pytest.mark.parametrize("head", ["名称;部门;状态", "名稱;部門;狀態", "نام;واحد;وضعیت"])
def test_headings_in_other_languages(head: str) -> None:
    mapping, _sure = guessed(What.initiatives, table(head, "a;b;red"))
    assert list(mapping.columns) == ["name", "unit", "colour"]


def test_headings_that_contain_a_known_one_and_telling_cells_are_less_sure() -> None:
    mapping, sure = guessed(
        What.initiatives, table("The project name (short),Ampel,Z", "A,RED,1", "B,GREEN,2")
    )
    assert mapping.columns == {"name": "The project name (short)", "colour": "Ampel"}
    assert sure == {"name": Confidence.likely, "colour": Confidence.guess}


def test_a_heading_that_says_too_little_is_not_guessed() -> None:
    mapping, _sure = guessed(What.initiatives, table("name,start date,file name", "A,2026-01-01,b"))
    assert mapping.columns == {"name": "name"}


def test_no_column_is_used_twice_and_unlikely_cells_are_not_taken() -> None:
    mapping, _sure = guessed(What.initiatives, table("name,budget remark", "A,see mail"))
    assert mapping.columns == {"name": "name"}


@pytest.mark.parametrize("what", list(What))
def test_every_field_has_headings_and_no_heading_stands_for_two_fields_twice(what: What) -> None:
    for field in FIELDS[what]:
        headings = headings_of(what, field)
        assert headings
        assert len(set(headings)) == len(headings)


def test_a_mapping_is_checked_against_the_file() -> None:
    read_ = table("Name,Unit", "A,B")
    good = Mapping(What.initiatives, {"name": "NAME ", "unit": "unit"})
    good.check(read_)
    assert good.columns == {"name": "Name", "unit": "Unit"}
    for columns, words in (
        ({"name": "Title"}, "no column “Title”"),
        ({"name": "Name", "theme": "Name"}, "chosen twice"),
        ({"unit": "Unit"}, "No column is chosen for: Name"),
    ):
        with pytest.raises(BadMap) as raised:
            Mapping(What.initiatives, columns).check(read_)
        assert words in raised.value.words
    Mapping(What.initiatives, {"unit": "Unit"}, {"name": "Unnamed"}).check(read_)


def test_a_map_goes_to_toml_and_back() -> None:
    mapping = Mapping(
        What.initiatives,
        {"name": 'The "name" \\ نام', "colour": "a\tb\x7f"},
        {"stage": "piloting"},
        {"colour": {"Amber/Red": "off track"}},
        {"encoding": "cp1252", "delimiter": "\t", "sheet": "Übersicht"},
    )
    assert from_toml(to_toml(mapping), What.initiatives) == mapping


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind = ", "not valid TOML"),
        ('kind = "people"', "for people"),
        ("[colums]", "colums"),
        ('[columns]\nnam = "x"', "nam"),
        ("[columns]\nname = []", "must be a text"),
        ("columns = 3", "must be a table"),
        ('[options]\ncodec = "x"', "codec"),
        ('[options]\ndelimiter = "x"', "delimiter"),
        ('[values.wrong]\na = "b"', "wrong"),
    ],
)
def test_a_bad_map_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(BadMap) as raised:
        from_toml(text, What.initiatives)
    assert words in raised.value.words


def test_a_second_column_for_the_same_field_is_told_and_one_for_no_field_is_not() -> None:
    """Canary: Rivals() taking only the first column that is left."""
    read_ = table("name,title,unit,project name,shoe size", "A,B,CARE,C,44")
    mapping, _sure = guessed(What.initiatives, read_)
    told = [str(note) for note in Rivals(mapping, read_).notes()]
    assert [mapping.columns["name"], len(told)] == ["name", 2]
    assert told[0] == "The columns “name” and “title” both look like Name; only “name” is read."
    assert "“project name”" in told[1]


def test_a_first_row_without_any_known_heading_is_taken_for_data() -> None:
    """Canary: the same words whether one heading is known or none."""
    read_ = table("Shorter waits,Shops,red", "Better bills,Legal,green")
    mapping, _sure = guessed(What.initiatives, read_)
    with pytest.raises(BadMap) as raised:
        mapping.check(read_)
    assert "The first row looks like data" in raised.value.words
    assert "Shorter waits, Shops, red" in raised.value.words
    assert "headings above it, with one for: Name." in raised.value.words
    known = table("Shorter waits,unit", "Better bills,Legal")
    with pytest.raises(BadMap) as raised:
        guessed(What.initiatives, known)[0].check(known)
    assert raised.value.words == "No column is chosen for: Name."


@pytest.mark.parametrize(
    ("language", "between"),
    [("en", ", "), ("zh_Hans", "、"), ("zh_Hant", "、"), ("fa", "،\u200f ")],
)
def test_names_in_a_sentence_stand_apart_as_the_language_sets_them(
    app: Flask, language: str, between: str
) -> None:
    # Canary: ", " between them in every language.
    read_ = table("Aa,Bb,Cc", "1,2,3")
    with app.test_request_context(), force_locale(language), pytest.raises(BadMap) as raised:
        Mapping(What.blockers).check(read_)
    with app.test_request_context(), force_locale(language):
        needed = [str(field.label) for field in FIELDS[What.blockers] if field.required]
    assert len(needed) > 1
    assert between.join(needed) in raised.value.words
    assert between.join(read_.headers) in raised.value.words
