"""Many decide at the same moment, against the shipped server: one decision, one event, one mail to each who is told, nothing half done.

What was acknowledged is what stands; whoever was too late is told so, and not answered as if they had decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice

import pytest
from sqlalchemy import text

from tests import gates
from tests.at_once import Place, places, together, token
from tests.filled import Sent
from tests.midway import begun
from tests.promises import full
from tracker.clock import now
from tracker.initiatives.stages import Stage
from tracker.milestones.models import Milestone
from tracker.organisation.deputies import Capacity, Deputyship

MANY = 16
STANDS = """SELECT a.state, a.decision, a.decided_by_id, a.returned_at, a.initiative_id, i.stage, i.asked_stage, i.held_at, i.stopped_at,
 m.state AS gate, (SELECT count(*) FROM stage_ask s WHERE s.initiative_id = i.id AND s.state = 'open') AS asks
 FROM approval a JOIN initiative i ON i.id = a.initiative_id JOIN milestone m ON m.id = a.milestone_id WHERE a.id = :id"""
KINDS = "SELECT kind FROM event WHERE initiative_id = :its AND number > :since"
TOLD = """SELECT person_id, mail_id FROM notice WHERE subject_id = :id
 AND kind IN ('request_approved', 'request_returned', 'request_held', 'request_stopped')"""
OPENING = ("approved", "approved_with_conditions")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def board_room(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The shipped server, on each database; the programme owner stands in for the sponsor."""
    for made in places(request, tmp_path_factory, "deciding"):
        with made.writing() as cast:
            today = now().date()
            Deputyship.appoint(
                cast.executive, cast.owner, Capacity.sponsor, starts=today, ends=today + timedelta(days=200), by=cast.executive, now=now()
            )  # fmt: skip
        yield made


@dataclass(frozen=True)
class Put:
    """A request that was put to the sponsor at `piloting`."""

    place: Place
    id: int
    initiative: int
    ref: str
    since: int  # the number of the last event before anybody decides

    def form(self, who: str, act: str) -> Sent:
        """Open the form of an act; one that is pressed on the page of the request itself stands there."""
        page = f"/approvals/{self.id}"
        return self.place.people[who].open(f"{page}/{act}", page if act in ("approval", "withdrawal") else None)  # fmt: skip

    def send(self, who: str, act: str, fields: Sent) -> Callable[[], int]:
        return lambda: self.place.people[who].post(f"/approvals/{self.id}/{act}", fields).status


def put(place: Place) -> Put:
    with place.writing() as cast:
        one = begun(cast, token(), stage=Stage.piloting, moment=now())
        asked = gates.requested(one, now=now())
        its = (asked.id, one.id, one.ref)
    return Put(place, *its, since=place.scalar("SELECT max(number) FROM event"))


def wrong(asked: Put) -> str:
    """Return what is half done, or done twice, of a request; nothing where all of it fits."""
    row = asked.place.row(STANDS, id=asked.id)
    with asked.place.look() as connection:
        events = Counter(connection.execute(text(KINDS), {"its": asked.initiative, "since": asked.since}).scalars())  # fmt: skip
        told = connection.execute(text(TOLD), {"id": asked.id}).all()
    opened, decided = row.decision in OPENING, row.decision is not None or row.returned_at is not None  # fmt: skip
    fits = {
        "one event for the decision": events["approval.decided"] == decided,
        "one event for the stage": events["stage.opened"] == opened,
        "the stage": row.stage == ("rolling_out" if opened else "piloting"),
        "the gate": row.gate == ("reached" if opened else "dropped" if row.stopped_at else "planned"),
        "the card": (row.asked_stage, row.asks) == (("rolling_out", 1) if row.state == "submitted" else (None, 0)),
        "on hold": (row.held_at is not None) == (row.decision == "held"),
        "one notice and one mail to each": len({who for who, _mail in told}) == len({mail for _who, mail in told if mail}) == len(told),
        "told of it": bool(told) == decided,
    }  # fmt: skip
    return ", ".join(name for name, right in fits.items() if not right)


def judged(asked: Put, statuses: list[int], fair: Callable[[Counter[int]], bool]) -> str:
    answered, half = Counter(statuses), wrong(asked)
    fault = half or ("" if fair(answered) and set(answered) <= {303, 409} else "answered otherwise")
    return f"{fault}: {dict(answered)} {tuple(asked.place.row(STANDS, id=asked.id))}" if fault else ""  # fmt: skip


SAID = {
    "approval": {},
    "condition": {"words": ["Ring ten customers"]},
    "held": {"decision": ["held"], "words": ["Not now."]},
    "stopped": {"decision": ["stopped"], "words": ["Enough."]},
    "sent_back": {"decision": ["sent_back"], "words": ["Ring ten more."]},
}  # fmt: skip


def answer(asked: Put, who: str, how: str) -> Callable[[], int]:
    """Open the form of a decision in a tab of its own, and return how to send it."""
    act = how if how in ("approval", "condition") else "not-yet"
    fields = asked.form(who, act) | SAID[how]
    if how == "condition":
        fields |= {"owner_id": [str(asked.place.world.member.id)], "due_on": [(now().date() + timedelta(days=9)).isoformat()]}  # fmt: skip
    return asked.send(who, act, fields)


def pressed(how: str) -> Callable[[Place], str]:
    """One form is sent so many times at once, as by a finger that trembles: all are answered alike."""

    def happens(place: Place) -> str:
        asked = put(place)
        press = answer(asked, "executive", how)
        return judged(asked, together(*[press] * MANY), lambda seen: seen == {303: MANY})

    return happens


def tabs(how: str) -> Callable[[Place], str]:
    """So many forms of the same decision, each with a key of its own: the same decision is the same decision."""

    def happens(place: Place) -> str:
        asked = put(place)
        presses = [answer(asked, "executive", how) for _tab in range(MANY // 2)]
        # What was sent back is a draft again, on which nothing is decided: one is acknowledged.
        fair = (lambda seen: seen[303] == 1) if how == "sent_back" else (lambda seen: seen == {303: MANY // 2})  # fmt: skip
        return judged(asked, together(*presses), fair)

    return happens


def otherwise(place: Place) -> str:
    """The sponsor approves in one tab and answers otherwise in others: one of it stands."""
    asked = put(place)
    acts = [answer(asked, "executive", how) for how in SAID]
    return judged(asked, together(*acts), lambda seen: seen[303] == 1)


def two_people(place: Place) -> str:
    """The sponsor and the deputy approve at once: one of them did."""
    asked = put(place)
    acts = [answer(asked, who, "approval") for who in ("executive", "owner") * 3]
    told = together(*acts)
    by = place.row(STANDS, id=asked.id).decided_by_id
    mine = told[0::2] if by == place.world.executive.id else told[1::2]
    theirs = told[1::2] if by == place.world.executive.id else told[0::2]
    fault = judged(asked, told, lambda seen: seen == {303: 3, 409: 3})
    return fault or ("" if set(mine) == {303} and set(theirs) == {409} else f"{by}: {told}")


def withdrawn(place: Place) -> str:
    """The lead takes it back while the sponsor approves: one of both, whole."""
    asked = put(place)
    back = asked.send("lead", "withdrawal", asked.form("lead", "withdrawal"))
    told = together(back, answer(asked, "executive", "approval"))
    state = place.row(STANDS, id=asked.id).state
    fault = judged(asked, told, lambda seen: seen[303] == 1)
    return fault or ("" if state == ("withdrawn" if told[0] == 303 else "decided") else f"{state} {told}")  # fmt: skip


def edited(place: Place) -> str:
    """The lead puts it anew while the sponsor approves: nobody approves what they have not read."""
    asked, gain = put(place), token()
    anew = asked.send("lead", "edit", asked.form("lead", "edit") | {"gain": [gain], "then": ["submit"]})  # fmt: skip
    told = together(anew, answer(asked, "executive", "approval"))
    row = place.row("SELECT state, gain FROM approval WHERE id = :id", id=asked.id)
    stands = ("submitted", True) if told[0] == 303 else ("decided", False)
    fault = judged(asked, told, lambda seen: seen[303] == 1)
    return fault or ("" if (row.state, row.gain == gain) == stands else f"{row} {told}")


def stopped(place: Place) -> str:
    """The deputy stops the initiative on its page while the sponsor approves: both may be done, in that order alone."""
    asked = put(place)
    page = f"/initiatives/{asked.ref}/closure"
    deputy = place.people["owner"]
    words = deputy.open(page) | {"words": ["Enough."]}
    told = together(lambda: deputy.post(page, words).status, answer(asked, "executive", "approval"))
    row = place.row(STANDS, id=asked.id)
    state, stage = ("decided", "rolling_out") if told[1] == 303 else ("withdrawn", "piloting")
    right = told[0] == 303 and row.stopped_at is not None and (row.state, row.stage) == (state, stage)  # fmt: skip
    return "" if right and (row.asked_stage, row.asks) == (None, 0) else f"{told} {tuple(row)}"


def two_gates(place: Place) -> str:
    """Gates to one stage are planned, and requests put, by two at once: one gate, one request."""
    with place.writing() as cast:
        one = begun(cast, token(), stage=Stage.piloting, moment=now())
        id_, ref = one.id, one.ref
        gate = Milestone.plan(one, name="First", due_on=now().date(), opens=Stage.proving, by=cast.lead, now=now())  # fmt: skip
        assert gate.id
    new, ask = f"/initiatives/{ref}/milestones/new", f"/initiatives/{ref}/stage/request"
    due = [(now().date() + timedelta(days=30)).isoformat()]
    says = {key: [value] for key, value in gates.SAYS.items()} | {"then": ["submit"]}
    acts: list[Callable[[], int]] = []
    for who in ("lead", "manager") * 3:
        tab = place.people[who]
        gate = tab.open(new) | {"name": [token()], "opens": ["rolling_out"], "due_on": due}
        request = tab.open(ask, f"/initiatives/{ref}/stage") | says
        acts.append(lambda tab=tab, gate=gate: tab.post(new, gate).status)
        acts.append(lambda tab=tab, request=request: tab.post(ask, request).status)
    told = together(*acts)
    query = (
        "SELECT (SELECT count(*) FROM milestone WHERE initiative_id = :id AND opens = 'rolling_out'), "
        "(SELECT count(*) FROM approval WHERE initiative_id = :id), "
        "(SELECT count(*) FROM notice WHERE kind = 'stage_asked' AND initiative_id = :id AND person_id = :who)"
    )
    found = tuple(place.row(query, id=id_, who=place.world.executive.id))
    right = told[1::2].count(303) == 1 and told[0::2].count(303) <= 1
    right &= set(told) <= {303, 409, 422}  # 409 and 422: too late
    return "" if right and found == (1, 1, 1) else f"{found} {told}"


WAYS: dict[str, Callable[[Place], str]] = {
    **{f"{how} pressed": pressed(how) for how in SAID},
    **{f"{how} in tabs": tabs(how) for how in SAID},
    **{one.__name__: one for one in (otherwise, two_people, withdrawn, edited, stopped, two_gates)},
}  # fmt: skip


def test_whoever_decides_at_once_it_is_one_decision_and_whole(
    board_room: Place, promise: Callable[..., None]
) -> None:
    """Planted, each seen red: a request looked at again without its locks (PostgreSQL: two decisions, two mails); the same
    decision refused; the key of a submit not looked at (of what was sent back, 15 were told that it is a draft).
    """
    tried = full(20, 500)
    faults = [
        f"{name}: {fault}" for name, happens in islice(cycle(WAYS.items()), tried) if (fault := happens(board_room))
    ]  # fmt: skip
    assert not faults, "\n".join(faults)
    promise(
        "decisions that meet are one decision, one event, one mail, nothing half done", tried=tried, database=board_room.kind, twice=0
    )  # fmt: skip
