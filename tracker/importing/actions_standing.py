"""The actions that stand, as far as rows of a file mean them: a few queries for all rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from tracker.actions.assignees import Assignee
from tracker.actions.lines import Contact, Doer, Host, named
from tracker.actions.models import Action
from tracker.actions.states import OVER
from tracker.db import db
from tracker.importing.bulk import chunks
from tracker.importing.matching import Read, Standing
from tracker.importing.owners import Owners
from tracker.importing.tidy import tidy_text
from tracker.organisation.names import normal

# What no list shows.
_MORE = (
    *(Action.description, Action.criteria, Action.outside_id, Action.title_key),
    *(Doer.email.label("assignee_email"), Contact.email.label("contact_email")),
    Host.email.label("host_email"),
)


class Stands:
    """Finds what a row means, among the actions that stand."""

    def __init__(self, rows: list[Read], owners: Owners) -> None:
        self.owners = owners
        self.by_ref: dict[str, Standing] = {}
        self.by_title: dict[tuple[int, str], Standing] = {}
        refs = sorted({ref for row in rows if (ref := row.values.get("ref"))})
        wheres = [or_(Action.outside_id.in_(some), Action.ref.in_(some)) for some in chunks(refs)]
        wheres += [Action.initiative_id.in_(some) for some in chunks(owners.ids())]
        for where in wheres:
            query = named(select(Action).where(where), *_MORE)
            for row in db.session.execute(query.order_by(Action.id)):
                self._take(row)

    def _take(self, row: Any) -> None:
        stands = Standing(row.id, row.version, _state(row))
        self.by_ref[row.ref] = stands
        if row.outside_id:
            self.by_ref[row.outside_id] = stands
        place = row.initiative_id, row.title_key
        if row.state not in OVER or place not in self.by_title:
            self.by_title[place] = stands

    def find(self, row: Read) -> tuple[Standing | None, bool]:
        """Return what a row means, and whether it was found by its words: by its own or its outside id, else by its title."""
        ref = row.values.get("ref")
        if ref in self.by_ref:
            return self.by_ref[ref], False
        owner = self.owners.id_of(row)
        found = self.by_title.get((owner, normal(row.values["title"]))) if owner else None
        if found and ref and found.state["ref"]:
            return None, False  # another of the same name, with an id of its own
        return found, found is not None


def _state(row: Any) -> dict[str, Any]:
    """Return an action as a file would say it, and what decides on what a file may change."""
    return {
        "ref": row.outside_id,
        "title": tidy_text(row.title),
        "why": tidy_text(row.why),
        "description": tidy_text(row.description),
        "criteria": tidy_text(row.criteria),
        "assignee": Assignee.of(row),
        "host": row.host_id,
        "due": row.due_on,
        "progress": row.progress,
        "state": row.state,
        "own_ref": row.ref,
        "initiative": row.initiative_id,
        "initiative_ref": row.initiative_ref,
        "host_id": row.host_id,
        "assignee_id": row.assignee_id,
        "initiative_lead_id": row.initiative_lead_id,
        "due_changes": row.due_changes,
        "names": {
            "assignee": {row.assignee_name, row.assignee_email, row.partner_name} - {None},
            "partner": {row.partner_name} - {None},
            "contact": {row.contact_name, row.contact_email} - {None},
            "host": {row.host_name, row.host_email},
        },
    }
