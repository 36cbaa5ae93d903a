"""What Lanternby Energy measures: its KPIs as a tree, with two years of readings."""

from __future__ import annotations

from tracker.demo.kpis.company import COMPANY_KPIS
from tracker.demo.kpis.doors import DOOR_KPIS
from tracker.demo.kpis.talks import TALK_KPIS

KPIS = (*COMPANY_KPIS, *TALK_KPIS, *DOOR_KPIS)
