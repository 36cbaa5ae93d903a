"""What stood and stands in the way: between units, at partners, and outside the house."""

from __future__ import annotations

from tracker.demo.blockers import (
    outside,
    partners,
    systems_open,
    systems_over,
    units_open,
    units_over,
)

BLOCKERS = (
    systems_open.BLOCKERS
    + systems_over.BLOCKERS
    + units_open.BLOCKERS
    + units_over.BLOCKERS
    + partners.BLOCKERS
    + outside.BLOCKERS
)
