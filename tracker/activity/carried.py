"""Keys that several kinds of events carry, and those of the longest ones (kinds.py)."""

from __future__ import annotations

PERSON = ("role", "is_admin", "is_finance", "unit_id", "partner_id", "ref", "ends_on")
UNIT = ("name", "code", "slug", "parent_id", "head_id", "calendar_id", "aliases", "ref")
PARTNER = ("name", "code", "slug", "relationship_owner_id", "calendar_id", "aliases", "ref")
MEMBER = ("person_id", "unit_id", "responsibility", "discipline", "share")
DEPUTY = ("person_id", "deputy_id", "unit_id", "initiative_id", "starts_on", "ends_on")
HELD = ("holder_kind", "holder_unit_id", "holder_partner_id", "answerer_id")
KPI = ("code", "layer", "cadence", "parent_kpi_id", "unit_id", "owner_id", "row")
GOAL = ("kpi_id", "horizon", "aim", "from_figure", "from_day", "to_figure", "until", "claimed")
BENEFIT = ("quarter_on", "planned", "forecast", "realised", "currency")
DOER = ("assignee_id", "partner_id", "contact_id")
READING = ("reading_id", "corrects_id", "figure", "as_of", "unit_id", "row")
