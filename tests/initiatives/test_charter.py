"""The charter: a draft that several people write, versions that nobody edits, and what changed between two.

Planted faults seen red: a published version that can be edited; a section left out of the checksum; words lost in a difference.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.differences import Change, differences
from tracker.errors import NotNow
from tracker.initiatives.charter import (
    SECTIONS,
    CharterDraft,
    CharterVersion,
    checksum,
)
from tracker.initiatives.copying import copy
from tracker.initiatives.models import Initiative

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def initiative(inside, cast, clock):
    with writing():
        return Initiative.create(
            title="One bill",
            lead_unit_id=cast.care.id,
            by=cast.manager,
            now=clock(),
            lead=cast.lead,
        )


def save(initiative, by, now, **sections):
    with writing():
        draft = CharterDraft.of(initiative)
        draft.save(initiative, by=by, now=now, **sections)
    return draft


def publish(initiative, by, now, note="", wording_only=False):
    with writing():
        return CharterDraft.of(initiative).publish(
            initiative, note=note, wording_only=wording_only, by=by, now=now
        )


def events(kind):
    return list(db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_a_draft_is_written_and_published_and_goes_on(initiative, cast, clock):
    save(initiative, cast.lead, clock(), purpose="One bill for all", risks="Two systems")
    first = publish(initiative, cast.lead, clock(), note="The beginning")
    assert (first.number, first.binding, first.wording_only) == (1, 1, False)
    save(initiative, cast.lead, clock(), purpose="One bill for everybody")
    assert CharterVersion.current(initiative).purpose == "One bill for all"
    second = publish(initiative, cast.manager, clock(), wording_only=True)
    assert (second.number, second.binding, second.wording_only) == (2, 1, True)
    save(initiative, cast.lead, clock(), in_scope="Phone as well")
    third = publish(initiative, cast.lead, clock())
    assert (third.number, third.binding) == (3, 3)
    told = [event.after for event in events("charter.published")]
    assert [one["version"] for one in told] == [1, 2, 3]
    assert [one["wording_only"] for one in told] == [False, True, False]
    assert told[2]["sha256"] == third.sha256 == checksum(3, third.texts)
    assert events("charter.published")[0].private == {"words": "The beginning"}


def test_the_trail_keeps_what_was_typed_outside_the_seal(initiative, cast, clock):
    save(initiative, cast.lead, clock(), purpose="Before")
    save(initiative, cast.lead, clock(), purpose="After", risks="None known")
    last = events("charter.draft_saved")[-1]
    assert last.facts == {"fields": ["purpose", "risks"]}
    assert last.private["was"] == {"purpose": "Before", "risks": ""}
    assert last.private["now"] == {"purpose": "After", "risks": "None known"}


def test_saving_the_same_text_changes_nothing(initiative, cast, clock):
    draft = save(initiative, cast.lead, clock(), purpose="Same")
    save(initiative, cast.lead, clock.forward(days=1), purpose="Same")
    again = CharterDraft.of(initiative)
    assert (again.version, again.saved_at) == (1, draft.saved_at)
    assert len(events("charter.draft_saved")) == 1


def test_what_cannot_be_published(initiative, cast, clock):
    with pytest.raises(NotNow, match="Write the purpose first"):
        publish(initiative, cast.lead, clock())
    save(initiative, cast.lead, clock(), risks="Two systems")
    with pytest.raises(NotNow, match="Write the purpose first"):
        publish(initiative, cast.lead, clock())
    save(initiative, cast.lead, clock(), purpose="One bill")
    with pytest.raises(NotNow, match="The first version changes more than wording"):
        publish(initiative, cast.lead, clock(), wording_only=True)
    assert CharterVersion.current(initiative) is None


def test_the_same_text_is_not_published_twice(initiative, cast, clock):
    save(initiative, cast.lead, clock(), purpose="One bill")
    publish(initiative, cast.lead, clock())
    with pytest.raises(NotNow, match="reads like version 1"):
        publish(initiative, cast.lead, clock())


def test_a_stopped_initiative_keeps_its_charter_as_it_was(initiative, cast, clock):
    save(initiative, cast.lead, clock(), purpose="One bill")
    with writing():
        initiative.stop(by=cast.lead, now=clock(), words="No money")
    with pytest.raises(NotNow, match="was stopped"):
        save(initiative, cast.lead, clock(), purpose="Another")
    with pytest.raises(NotNow, match="was stopped"):
        publish(initiative, cast.lead, clock())


def test_a_published_version_is_never_edited(initiative, cast, clock):
    save(initiative, cast.lead, clock(), purpose="One bill")
    version = publish(initiative, cast.lead, clock())
    with pytest.raises(RuntimeError, match="never edited"), writing():
        version.purpose = "Something else"
    db.session.refresh(version)
    assert version.intact
    db.session.execute(text("UPDATE charter_version SET purpose = 'Forged'"))
    db.session.refresh(version)
    assert not version.intact
    db.session.rollback()


@pytest.mark.both
def test_the_database_refuses_two_versions_of_one_number_and_two_drafts(initiative, cast, clock):
    save(initiative, cast.lead, clock(), purpose="One bill")
    version = publish(initiative, cast.lead, clock())
    twin = {
        column.name: getattr(version, column.name)
        for column in CharterVersion.__table__.columns
        if column.name != "id"
    }
    with pytest.raises(IntegrityError), writing() as session:
        session.add(CharterVersion(**twin))
    with pytest.raises(IntegrityError), writing() as session:
        session.add(CharterVersion(**{**twin, "number": 2, "binding": 3}))
    with pytest.raises(IntegrityError), writing() as session:
        session.add(CharterDraft(initiative_id=initiative.id, version=1))


def test_a_copy_begins_with_the_published_text_and_without_versions(initiative, cast, clock):
    save(initiative, cast.lead, clock(), purpose="One bill", measures="Fewer calls")
    publish(initiative, cast.lead, clock())
    save(initiative, cast.lead, clock(), purpose="Not agreed yet")
    with writing():
        made = copy(
            initiative, title="One bill, south", by=cast.member, now=clock(), lead=cast.member
        )
    draft = CharterDraft.of(made)
    assert (draft.purpose, draft.measures, draft.version) == ("One bill", "Fewer calls", 1)
    assert CharterVersion.current(made) is None


def test_a_copy_of_nothing_brings_nothing(initiative, cast, clock):
    with writing():
        made = copy(initiative, title="Another", by=cast.member, now=clock())
    assert CharterDraft.of(made).version == 0


def test_differences_are_told_by_words_where_lines_are_alike():
    lines = differences(
        "We pilot in Leeds.\nThree months", "We pilot in Hull.\nThree months\nThen all"
    )
    assert lines[0].pieces == (
        (Change.same, "We pilot in "),
        (Change.gone, "Leeds"),
        (Change.new, "Hull"),
        (Change.same, "."),
    )
    assert [line.change for line in lines] == [None, Change.same, Change.new]


def test_differences_lose_nothing():
    was, now = "a b c\n\nd e\nf", "a c b\nd e e\n\ng\nf"
    lines = differences(was, now)
    for kept, whole in ((Change.gone, was), (Change.new, now)):
        told = [
            "".join(words for kind, words in line.pieces if kind in {Change.same, kept})
            for line in lines
            if line.change in {None, Change.same, kept}
        ]
        assert "\n".join(told) == whole


def test_each_chinese_character_is_a_word_and_long_texts_stay_quick():
    assert differences("我们在利兹试点。", "我们在约克试点。")[0].pieces[1:3] == (
        (Change.gone, "利兹"),
        (Change.new, "约克"),
    )
    long = differences("x " + "a b " * 1400 + "y", "z " + "b a " * 1400 + "w")
    assert [line.change for line in long] == [Change.gone, Change.new]


def test_every_section_counts_in_the_checksum():
    empty = dict.fromkeys(SECTIONS, "")
    sums = {checksum(1, {**empty, section: "x"}) for section in SECTIONS}
    assert len(sums | {checksum(1, empty), checksum(2, empty)}) == len(SECTIONS) + 2
