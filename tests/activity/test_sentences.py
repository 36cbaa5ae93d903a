"""Every kind can be told, in internal words and, where it is allowed, in a partner's."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from markupsafe import Markup

from tests.activity.conftest import DAY
from tracker.activity import telling
from tracker.activity.groups import GROUPS, kinds_of
from tracker.activity.keys import FIELDS
from tracker.activity.kinds import Kind
from tracker.activity.partner_sentences import PARTNER_FIELDS, PARTNER_SENTENCES
from tracker.activity.refers import REFERS
from tracker.activity.sentences import (
    OF_ONESELF,
    SENTENCES,
    addresses,
    namers,
    unfolding,
    wordings,
)

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
SAMPLES = {
    "_id": 7,
    "_ids": [7, 8],
    "_on": "2026-03-04",
    "_by": "2026-03-04",
    "as_of": "2026-03-04",
    "until": "2026-03-04",
    "figure": "4.7",
    "realised": "500.00",
    "result": "achieved",
}


def sample(key: str) -> object:
    return next((value for ending, value in SAMPLES.items() if key.endswith(ending)), "piloting")


def an_event(kind: Kind, **more: object) -> SimpleNamespace:
    fields = {key: sample(key) for key in FIELDS[kind]}
    base = {
        "id": 1,
        "at": DAY,
        "actor_id": 7,
        "on_behalf_of_id": None,
        "kind": str(kind),
        "subject_type": "blocker",
        "subject_id": 7,
        "initiative_id": 7,
        "before": fields,
        "after": fields,
        "private": None,
    }
    return SimpleNamespace(**(base | more))


def plain(sentence: Markup) -> str:
    return sentence.striptags()


@pytest.fixture
def named(inside, monkeypatch):
    """Every type of thing has a namer; nothing that the rooms registered is asked."""
    for registry in (namers, wordings, addresses, unfolding):
        for key in list(registry):
            monkeypatch.delitem(registry, key)
    for kind in {*REFERS.values(), "person"}:
        monkeypatch.setitem(namers, kind, lambda ids, kind=kind: {i: f"{kind} {i}" for i in ids})


def test_every_kind_has_a_sentence_and_every_sentence_a_kind():
    """Canary: taking the sentence of `demo.seeded` out."""
    assert set(SENTENCES) == set(Kind)


def test_sentences_ask_only_for_what_their_kind_declares(inside):
    """Canary: `%(sponsor)s` in the sentence of `sponsor.proposed`, which declares `person_id`."""
    own = [(kind, template) for kind, (_key, template) in OF_ONESELF.items()]
    for kind, template in [*SENTENCES.items(), *own]:
        known = FIELDS[kind] | {key.removesuffix("_id") for key in FIELDS[kind]}
        known |= {f"was_{key}" for key in known} | {"actor", "subject"}
        assert set(PLACEHOLDER.findall(str(template))) <= known, kind


def test_partner_sentences_ask_only_for_what_partners_may_read(inside):
    """Canary: `%(answerer)s` in a partner's sentence."""
    for kind, template in PARTNER_SENTENCES.items():
        assert set(PLACEHOLDER.findall(str(template))) <= PARTNER_FIELDS | {"actor"}, kind


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_told(named, kind):
    """Canary: a sentence with `%(actor)` without its s."""
    event = an_event(kind)
    told = plain(telling.line(event, telling.names_of([event])).sentence)
    assert "%(" not in told
    assert "someone" not in told
    assert "…" not in told


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_told_without_any_detail(named, kind):
    """An old or imported event may carry less. Canary: a KeyError for the missing value."""
    event = an_event(kind, before=None, after=None, actor_id=None, initiative_id=None)
    assert plain(telling.sentence(event, {}))


def test_names_and_values_come_in_place_of_ids(named, monkeypatch):
    """Canary: the namers of person and unit exchanged."""
    monkeypatch.setitem(wordings, "stage", lambda value: value.title())
    event = an_event(Kind.sponsor_proposed, after={"person_id": 8})
    told = plain(telling.sentence(event, telling.names_of([event])))
    assert told == "person 7 proposed person 8 as sponsor"
    event = an_event(Kind.stage_opened)
    told = plain(telling.sentence(event, telling.names_of([event])))
    assert told == "person 7 decided: Piloting is open"
    event = an_event(Kind.blocker_committed)
    told = plain(telling.sentence(event, telling.names_of([event])))
    assert told == "person 7 promised 4 Mar 2026 for blocker 7"


def test_who_is_gone_is_someone_and_what_acts_alone_is_named(named):
    """Canary: the bare id shown for an unknown person."""
    event = an_event(Kind.sponsor_proposed, actor_id=None, after={"person_id": 99})
    told = plain(telling.sentence(event, {}))
    assert told == "Throughline proposed someone as sponsor"


@pytest.mark.parametrize(
    ("kind", "own", "others"),
    [
        (
            Kind.deputy_appointed,
            "person 7 appointed person 8 as their deputy",
            "person 7 appointed person 8 as deputy of person 9",
        ),
        (
            Kind.deputy_ended,
            "person 7 ended the time of person 8 as their deputy",
            "person 7 ended the deputyship of person 8 for person 9",
        ),
    ],
)
def test_what_one_does_about_oneself_is_said_without_ones_name_twice(named, kind, own, others):
    """Canary: `sentence` without its look at `OF_ONESELF`."""
    for person_id, wanted in ((7, own), (9, others)):
        event = an_event(kind, before=None, after={"person_id": person_id, "deputy_id": 8})
        assert plain(telling.sentence(event, telling.names_of([event]))) == wanted
    by_itself = an_event(
        kind, actor_id=None, before=None, after={"person_id": None, "deputy_id": 8}
    )
    assert "their deputy" not in plain(telling.sentence(by_itself, {}))


def test_names_are_escaped(named, monkeypatch):
    """Canary: names put into Markup without escaping."""
    monkeypatch.setitem(namers, "person", lambda ids: dict.fromkeys(ids, "<img src=x>"))
    event = an_event(Kind.initiative_created)
    told = telling.sentence(event, telling.names_of([event]))
    assert "<img" not in told
    assert "&lt;img src=x&gt;" in told


def test_a_line_lists_what_changed_from_what_to_what(named):
    """Canary: before and after exchanged; and the budget told as it is kept, `558000000.00`."""
    event = an_event(
        Kind.initiative_changed,
        before={"budget": "1000.50", "theme": "calls", "stage": "idea"},
        after={"budget": "558000000.00", "theme": "calls", "stage": "idea"},
        private={"was": {"title": "Old"}, "now": {"title": "New", "unknown": "x"}, "words": "So."},
    )
    line = telling.line(event, telling.names_of([event]))
    assert [(c.label, c.was, c.now) for c in line.changes] == [
        ("Budget", "£1,000.50", "£558,000,000"),
        ("Title", "Old", "New"),
    ]
    assert line.words == "So."


def test_a_kind_of_a_newer_version_is_still_listed(named):
    """Canary: a KeyError for the unknown kind."""
    assert telling.sentence(SimpleNamespace(kind="gate.moved"), {}) == "gate.moved"


def test_every_kind_belongs_to_one_group():
    """Canary: the prefix `duty` left out of the groups."""
    grouped = [kind for group in GROUPS for kind in kinds_of(group) or ()]
    assert sorted(grouped) == sorted(Kind)
    assert kinds_of("nonsense") is None
