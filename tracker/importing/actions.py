"""Actions from a file: found by id, else by their initiative and title.

Of an action that stands a file changes what its host could: what it says, who does it, by when. How far it is, whoever
does it says; what was handed in is answered by people.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from tracker.actions.assignees import Assignee
from tracker.actions.forms import MOST_CRITERIA, criteria_of
from tracker.actions.states import OVER, State
from tracker.importing.actions_people import check_importer, doer_of, host_of, may_say_accepted
from tracker.importing.actions_standing import Stands
from tracker.importing.directory import Directory, New
from tracker.importing.matching import Read, Rejected, Standing, Work, by_name, compare
from tracker.importing.owners import Owner, Owners
from tracker.importing.units import Heading
from tracker.organisation.names import normal

EDITED = ("ref", "title", "why", "description", "criteria", "assignee", "partner", "host", "due")
ANSWERED_FIRST = ("criteria", "assignee", "partner", "due")  # not while it is handed in
ENDED = (State.accepted, State.done)


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the actions that stand."""
    owners = Owners(row.values["initiative"] for row in rows)
    stands = Stands(rows, owners)
    remarks: dict[int, list[str]] = {}

    def find(row: Read) -> tuple[Standing | None, str]:
        found, by_title = stands.find(row)
        return found, by_name() if by_title else ""

    def wanted(row: Read, found: Standing | None) -> dict[str, Any]:
        said = remarks.setdefault(row.line, [])
        owner = owners.of(row)
        if found is None:
            return _new(row, owner, directory, said)
        return _known(row, owner, found, directory, said)

    work = compare(
        rows,
        name_of=lambda row: row.values["title"],
        identity=lambda row: row.values.get("ref") or (owners.id_of(row), normal(row.values["title"])),
        find=find,
        wanted=wanted,
        heading=heading,
    )  # fmt: skip
    work.results = [
        result._replace(words=" ".join((*filter(None, [result.words]), *remarks[result.line])))
        if remarks.get(result.line) and not result.column
        else result
        for result in work.results
    ]
    return work


def _new(row: Read, owner: Owner, directory: Directory, said: list[str]) -> dict[str, Any]:
    """The values of a row that is not here yet. Raises `Rejected`."""
    check_importer(directory.importer, owner, None)
    if owner.ended:
        raise Rejected("initiative", _("%(ref)s has ended; nothing is to be done any more.", ref=owner.ref))  # fmt: skip
    values = _resolved(row, owner, None, directory)
    if values["assignee"] is None:
        raise Rejected("assignee", _("Say who does it: a person of ours, or a partner."))
    if values.get("due") is None:
        raise Rejected("due", _("Say by when it is due."))
    progress, state = values.get("progress") or 0, State(values.get("state") or State.to_do)
    if state == State.submitted:
        state = State.in_progress
        said.append(_("It begins in progress: whoever does it hands it in here."))
    elif progress and state in (State.to_do, State.acknowledged):
        state = State.in_progress
    if state in ENDED:
        doer: Assignee = values["assignee"]
        theirs = doer.partner_id is not None or values["criteria"]
        state, progress = (State.accepted if theirs else State.done), 100
        if theirs and not may_say_accepted(directory.importer, doer):
            state, progress = State.in_progress, values.get("progress") or 0
            said.append(
                _("It begins in progress: the partner hands it in here. Only a manager can bring it in as accepted.")
                if doer.partner_id is not None
                else _("It begins in progress: nobody accepts their own work. Hand it in here.")
            )  # fmt: skip
    if (
        values["assignee"].partner_id is not None
        and state not in OVER
        and values["due"] < directory.today
    ):
        words = _("A partner is given no day that has passed. Choose today or a later day.")
        raise Rejected("due", words)
    return values | {"initiative": owner.id, "state": state, "progress": progress}


def _known(
    row: Read, owner: Owner, found: Standing, directory: Directory, said: list[str]
) -> dict[str, Any]:
    """What a row changes of an action that stands. Raises `Rejected`."""
    state = found.state
    check_importer(directory.importer, owner, SimpleNamespace(**state))
    if owner.id != state["initiative"]:
        words = _("It belongs to %(ref)s; an action does not move to another initiative.", ref=state["initiative_ref"])  # fmt: skip
        raise Rejected("initiative", words)
    if state["state"] in OVER:
        said.append(_("It is over, and is kept as it was."))
        return {}
    values = _resolved(row, owner, found, directory)
    asked = {name: values.get(name) for name in EDITED}
    if _differs(values, state, "state") or _differs(values, state, "progress"):
        said.append(_("How far it is, whoever does it says here; that stays."))
    if state["state"] == State.submitted and any(_differs(asked, state, n) for n in ANSWERED_FIRST):
        said.append(_("It is handed in; what it asks for stays until that is answered."))
        asked |= dict.fromkeys(ANSWERED_FIRST)
    due = asked["due"]
    if due is not None and due != state["due"] and due < directory.today:
        raise Rejected("due", _("Choose today or a later day."))
    importer = directory.importer
    if importer is not None and _differs(asked, state, "criteria") and importer.id == state["assignee_id"]:  # fmt: skip
        words = _("Whoever does it does not change how it is accepted. Ask the host, the lead or a manager.")  # fmt: skip
        raise Rejected("criteria", words)
    return asked


def _resolved(
    row: Read, owner: Owner, found: Standing | None, directory: Directory
) -> dict[str, Any]:
    """The values of a row with ids instead of names. Raises `Rejected`."""
    values = dict(row.values)
    criteria = criteria_of(values.get("criteria"))
    if len(criteria) > MOST_CRITERIA:
        raise Rejected("criteria", _("Keep it to %(most)s criteria.", most=MOST_CRITERIA))
    values["criteria"] = "\n".join(criteria) or None
    if found and values.get("ref") == found.state["own_ref"]:
        values["ref"] = None  # our own, and no outside id
    values["assignee"] = doer_of(row.values, found, directory)
    doer = values["assignee"]
    values["partner"] = doer.partner_id if doer and isinstance(doer.partner_id, New) else None
    values["host"] = host_of(row.values, found, owner, directory)
    return values


def _differs(values: dict[str, Any], state: dict[str, Any], name: str) -> bool:
    return values.get(name) is not None and values[name] != state.get(name)
