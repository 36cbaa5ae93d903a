"""What the ids in events name."""

from __future__ import annotations

from collections.abc import Mapping

# Keys whose value is an id, and what it names: the timeline turns them into names in bulk.
REFERS: Mapping[str, str] = {
    "alternate_id": "person",
    "answerer_id": "person",
    "assignee_id": "person",
    "contact_id": "person",
    "deputy_id": "person",
    "head_id": "person",
    "heir_id": "person",
    "host_id": "person",
    "lead_id": "person",
    "owner_id": "person",
    "person_id": "person",
    "programme_owner_id": "person",
    "relationship_owner_id": "person",
    "sponsor_id": "person",
    "finance_ids": "person",
    "blocked_unit_id": "unit",
    "holder_unit_id": "unit",
    "lead_unit_id": "unit",
    "parent_id": "unit",
    "kpi_id": "kpi",
    "parent_kpi_id": "kpi",
    "unit_id": "unit",
    "blocked_partner_id": "partner",
    "holder_partner_id": "partner",
    "partner_id": "partner",
    "calendar_id": "calendar",
    "initiative_id": "initiative",
    "source_id": "initiative",
    "blocker_id": "blocker",
    "waits_for_id": "blocker",
    "milestone_id": "milestone",
    "stage_plan_id": "stage_plan",
    "action_id": "action",
}
