"""Edits that meet and clicks in parallel, against the shipped server: nothing is written over unseen, a click counts once.

Planted faults seen red: see each test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle, islice

import pytest

from tests.aims import aim
from tests.at_once import Answer, Browser, Place, places, together, token
from tests.filled import Sent
from tests.gates import requested
from tests.midway import begun
from tests.promises import full
from tracker.clock import now
from tracker.initiatives.stages import Stage

ROUNDS = 16  # presses of one button at the same moment


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The shipped server, on each database."""
    yield from places(request, tmp_path_factory, "office")


@dataclass(frozen=True)
class Edit:
    """A form that several may edit at once: who does, where, and the field that both change; `values` where it is a choice."""

    first: str
    second: str
    address: str
    field: str
    page: str | None = None
    values: tuple[str, ...] = ()
    drag: str = ""  # where the first one drops a card, which leads to the form

    def chosen(self, sent: Sent) -> tuple[str, str]:
        """Return two new values for the field."""
        if not self.values:
            return token(), token()
        fresh = [value for value in self.values if sent.get(self.field) != [value]]
        return fresh[0], fresh[1]


def edits(place: Place) -> list[Edit]:
    w = place.world
    home, team = f"/initiatives/{w.initiative.ref}", f"/initiatives/{w.initiative.ref}/team"
    aside = w.paused.ref  # its lead changes, and may then no longer edit it
    units = tuple(str(unit.id) for unit in (w.care, w.it, w.billing))
    people = tuple(str(person.id) for person in (w.lead, w.member, w.finance))
    unit = Edit("lead", "manager", f"/initiatives/{aside}/lead-unit", "unit", values=units)
    return [
        Edit("lead", "manager", f"{home}/edit", "title"),
        Edit("lead", "manager", f"{home}/friction", "words"),
        Edit("lead", "manager", f"{home}/charter/draft", "purpose"),
        Edit("lead", "manager", f"{team}/members/{w.membership.id}", "what_for"),
        Edit("executive", "manager", f"/initiatives/{aside}/lead", "person", values=people),
        replace(unit, first="manager"),
        replace(unit, first="manager", drag=f"/boards/{w.board.slug}/drop?ref={aside}&by=unit&lane="),
        Edit("manager", "manager", f"{team}/places", "units", team, values=(units[2], str(w.company.id), units[1])),
        Edit("manager", "manager", f"/blockers/{w.blocker.ref}/edit", "title"),
        Edit("admin", "admin", f"/admin/units/{w.it.slug}/edit", "short_name"),
        Edit("admin", "admin", f"/admin/partners/{w.vendor.slug}/edit", "terms"),
        Edit("admin", "admin", f"/admin/people/{w.head.id}/edit", "job_title"),
        Edit("admin", "admin", f"/admin/calendars/{w.calendar.id}/edit", "name"),
        Edit("admin", "admin", f"/settings/stage-plans/{w.stage_plan.id}/edit", "name"),
        Edit("admin", "admin", "/settings/workspace", "product_name"),
        Edit("manager", "manager", f"/boards/{w.managers_board.slug}/edit", "theme"),
    ]  # fmt: skip


def meet(place: Place, edit: Edit) -> str:
    """Let two open the form, change the same field and save at the same moment; return what went wrong, or nothing."""
    one, two = place.people[edit.first], place.people[edit.second]
    mine, theirs = (who.open(edit.address, edit.page) for who in (one, two))
    values = edit.chosen(theirs)
    address = edit.address
    if edit.drag:
        dropped = one.ask("GET", edit.drag + values[0])
        address = dropped.location or edit.address
        mine = one.open(address)
    told = together(
        lambda: one.post(address, mine | {edit.field: [values[0]]}),
        lambda: two.post(edit.address, theirs | {edit.field: [values[1]]}),
    )
    statuses = sorted(answer.status for answer in told)
    if statuses != [303, 409]:
        return f"answered {statuses}: {told[0].location} {told[1].location}"
    won = values[0] if told[0].status == 303 else values[1]
    refused = next(answer.text for answer in told if answer.status == 409)
    if missing := [value for value in values if value not in refused]:
        return f"the page of the one who was too late lacks {missing}"
    now = two.open(edit.address, edit.page).get(edit.field)
    return "" if now == [won] else f"{won} was acknowledged, and {now} stands"


def hold(place: Place) -> str:
    """The sponsor holds or resumes it while the lead edits its title: both stand."""
    lead, sponsor, w = place.people["lead"], place.people["executive"], place.world
    home = f"/initiatives/{w.initiative.ref}"
    held = place.scalar("SELECT held_at FROM initiative WHERE id = :id", id=w.initiative.id)
    act = f"{home}/resumption" if held else f"{home}/hold"
    title, words = lead.open(f"{home}/edit"), sponsor.open(act)
    said = token()
    told = together(
        lambda: lead.post(f"{home}/edit", title | {"title": [said]}),
        lambda: sponsor.post(act, words | {"words": ["So be it."]}),
    )
    row = place.row("SELECT title, held_at FROM initiative WHERE id = :id", id=w.initiative.id)  # fmt: skip
    return "" if [a.status for a in told] == [303, 303] and row[0] == said and bool(row[1]) != bool(held) else f"{row} {told}"  # fmt: skip


def publish(place: Place) -> str:
    """A manager publishes the draft while the lead writes on: what is published is what was looked at."""
    lead, manager, w = place.people["lead"], place.people["manager"], place.world
    charter = f"/initiatives/{w.initiative.ref}/charter"
    seen, later = token(), token()
    before = lead.open(f"{charter}/draft") | {"purpose": [seen]}
    assert lead.post(f"{charter}/draft", before).status == 303
    draft, look = lead.open(f"{charter}/draft"), manager.open(f"{charter}/publication")
    told = together(
        lambda: lead.post(f"{charter}/draft", draft | {"purpose": [later]}),
        lambda: manager.post(f"{charter}/publication", look | {"note": ["On"]}),
    )
    newest = (
        "SELECT purpose FROM charter_version WHERE initiative_id = :id ORDER BY number DESC LIMIT 1"
    )
    published = place.scalar(newest, id=w.initiative.id)
    writes = place.scalar("SELECT purpose FROM charter_draft WHERE initiative_id = :id", id=w.initiative.id)  # fmt: skip
    right = published == seen if told[1].status == 303 else told[1].status == 409
    return "" if told[0].status == 303 and writes == later and right and published != later else f"{told}"  # fmt: skip


def agree(place: Place) -> str:
    """The head agrees to a share of time while the lead asks for another: nobody agrees to what they have not seen."""
    lead, head, w = place.people["lead"], place.people["owner"], place.world
    team = f"/initiatives/{w.initiative.ref}/team"
    part = f"{team}/members/{w.membership.id}"
    share = place.scalar("SELECT share FROM membership WHERE id = :id", id=w.membership.id) or 1
    first, second = str(share % 90 + 1), str(share % 90 + 2)
    assert lead.post(part, lead.open(part) | {"share": [first]}).status == 303
    asked, answer = lead.open(part), head.open(f"{part}/agreement", team)
    told = together(
        lambda: lead.post(part, asked | {"share": [second]}),
        lambda: head.post(f"{part}/agreement", answer),
    )
    query = "SELECT share, share_agreed_by_id FROM membership WHERE id = :id"
    row = place.row(query, id=w.membership.id)
    right = told[0].status == 303 and told[1].status in {303, 409}
    return "" if right and tuple(row) == (int(second), None) else f"{row} {told}"


def end(place: Place) -> str:
    """Somebody's access ends while their details are edited: it has ended, and what was acknowledged stands."""
    admin, w = place.people["admin"], place.world
    there, said = f"/admin/people/{w.other_contact.id}", token()
    details, ending = admin.open(f"{there}/edit"), admin.open(f"{there}/ending")
    told = together(
        lambda: admin.post(f"{there}/edit", details | {"job_title": [said]}),
        lambda: admin.post(f"{there}/ending", ending),
    )
    row = place.row("SELECT job_title, ended_at FROM person WHERE id = :id", id=w.other_contact.id)  # fmt: skip
    kept = row[0] == said if told[0].status == 303 else told[0].status == 409
    assert admin.post(f"{there}/restoration", admin.open(f"{there}/restoration", there)).status == 303  # fmt: skip
    return "" if told[1].status == 303 and row[1] is not None and kept else f"{row} {told}"


def test_no_edit_is_written_over_unseen(office: Place, promise: Callable[..., None]) -> None:
    """Every form that several edit, against itself and by two people; against decisions; against a card that is dragged.

    Planted: `Versions._same` that returns at once.
    """
    pairs: list[tuple[str, Callable[[], str]]] = [
        (f"{one.address} {one.drag}", lambda one=one: meet(office, one)) for one in edits(office)
    ]
    pairs += [(act.__name__, lambda act=act: act(office)) for act in (hold, publish, agree, end)]
    tried = full(20, 500)
    wrong = [
        f"{name}: {fault}" for name, happens in islice(cycle(pairs), tried) if (fault := happens())
    ]
    assert not wrong, "\n".join(wrong)
    promise("edits meet, none is written over unseen", tried=tried, database=office.kind, silent=0)


def lock(place: Place, target: str) -> str:
    """The sponsor opens piloting while the lead writes another target, or none: what locks is what was asked, or nothing does."""
    lead, sponsor = place.people["lead"], place.people["executive"]
    with place.writing() as cast:
        one = begun(cast, token(), stage=Stage.designing, moment=now())
        goal = aim(one)
        ref, id_, was = one.ref, goal.id, goal.target
        asked = requested(one, now=now()).id
    edit, decide = f"/initiatives/{ref}/goals/{id_}/edit", f"/approvals/{asked}/approval"
    typed, seen = lead.open(edit), sponsor.open(decide, f"/approvals/{asked}")
    told = together(
        lambda: lead.post(edit, typed | {"target": [target]}),
        lambda: sponsor.post(decide, seen),
    )
    query = (
        "SELECT i.stage, g.target, v.target FROM goal g JOIN initiative i ON i.id = g.initiative_id "
        "LEFT JOIN goal_version v ON v.goal_id = g.id WHERE g.id = :id AND (g.locked_at IS NULL) = (v.id IS NULL)"
    )
    stage, stands, agreed = place.row(query, id=id_)
    saved = told[0].status == 303
    right = stands == ((float(target) if target else None) if saved else was)
    opened = told[1].status == 303
    right &= (stage, agreed) == (("piloting", stands) if opened else ("designing", None))
    right &= opened != saved  # what was asked is another by then, or it is locked
    refused = (
        {422} if opened and not target else set()
    )  # the form says that a target is needed from here on
    right &= told[0].status in {303, 409} | refused and told[1].status in {303, 409}
    return "" if right else f"{stage} {stands} {agreed} {told}"


def test_terms_lock_as_they_were_acknowledged(office: Place, promise: Callable[..., None]) -> None:
    """Planted: the goal changed without its initiative being held; a changed goal not asked whether it is locked by now."""
    tried = full(6, 200)
    wrong = [fault for turn in range(tried) if (fault := lock(office, "" if turn % 2 else "50"))]
    assert not wrong, "\n".join(wrong)
    promise("terms lock as they were acknowledged", tried=tried, database=office.kind, unseen=0)


@dataclass(frozen=True)
class Press:
    """A form that is sent many times at the same moment, and how to count what came of it."""

    who: str
    address: str
    field: str
    effects: str
    more: dict[str, list[str]]


def presses(place: Place) -> list[Press]:
    w = place.world
    home = f"/initiatives/{w.initiative.ref}"
    soon = (now().date() + timedelta(days=30)).isoformat()
    blocked = {
        "holder": [f"u{w.it.id}"], "blocked_unit_id": [str(w.care.id)], "needed_by": [soon], "category": ["data"],
    }  # fmt: skip
    report = {"colour": ["on_track"], "reason": [""], "help_needed": [""]}
    begin = {"lead_unit": [str(w.care.id)], "words": ["It goes wrong"]}
    return [
        Press("manager", "/initiatives/new", "title", "SELECT count(*) FROM initiative WHERE title = :said", begin),
        Press("lead", f"{home}/blockers/new", "title", "SELECT count(*) FROM blocker WHERE title = :said", blocked),
        Press("lead", f"{home}/updates/new", "what_changed", "SELECT count(*) FROM status_update WHERE what_changed = :said", report),
        Press("lead", f"{home}/edit", "title", "SELECT count(*) FROM initiative WHERE title = :said", {}),
    ]  # fmt: skip


def press(place: Place, button: Press, times: int) -> tuple[str, list[Answer], int]:
    """Open the form, send it so many times at once; return its text, the answers, and how many events came of it."""
    who: Browser = place.people[button.who]
    said, sent = token(), who.open(button.address)
    body = sent | button.more | {button.field: [said]}
    before = place.scalar("SELECT count(*) FROM event")
    told = together(*[lambda: who.post(button.address, body)] * times)
    return said, told, place.scalar("SELECT count(*) FROM event") - before


def test_a_button_pressed_sixteen_times_at_once_counts_once(
    office: Place, promise: Callable[..., None]
) -> None:
    """Planted: the key of a submit not looked at by `posting`."""
    buttons = presses(office)
    usual = {button.address: press(office, button, 1)[2] for button in buttons}
    tried = full(3, 250)
    for button in islice(cycle(buttons), tried):
        said, told, events = press(office, button, ROUNDS)
        effects = office.scalar(button.effects, said=said)
        seen = {(answer.status, answer.location) for answer in told}
        assert (effects, events) == (1, usual[button.address]), f"{button.address}: {seen}"
        assert {status for status, _location in seen} == {303}, seen
        assert len(seen) == 1, seen
    promise("16 presses at once count once", tried=tried, database=office.kind, second_effects=0)
