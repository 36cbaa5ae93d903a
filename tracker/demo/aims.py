"""What each initiative of the story is to do for a KPI. Baselines are read from the story's own series as it is told."""

from __future__ import annotations

from typing import NamedTuple


class AimPlan(NamedTuple):
    """An aim: the KPI by its code, the share by which it is to get better, and the share of that which is claimed."""

    kpi: str
    better: float
    claimed: float
    aim: str = "customer"
    sure: str | None = "medium"
    method: str = ""
    owner: str | None = None


CONTROL = "Two streets that get it first, against two that wait: the difference is ours."
BEFORE_AND_AFTER = (
    "The twelve months before against the twelve after, with the price change taken out."
)

# Left out are ideas that nobody has measured yet, and two adopted pieces of work that still owe their goal.
AIMS = {
    "identity-once": AimPlan("WAIT", 0.25, 0.4, "efficiency", "high", CONTROL),
    "honest-wait": AimPlan("WAIT", 0.08, 0.5, method=BEFORE_AND_AFTER),
    "my-language": AimPlan("FCR", 0.05, 0.3),
    "evening-desk": AimPlan("FCR", 0.04, 0.5),
    "complaint-owner": AimPlan("COMPLAINTS", 0.15, 0.5, sure=None),
    "estimates": AimPlan("BILL-CALLS", 0.2, 0.6, "efficiency", "high", BEFORE_AND_AFTER),
    "refund-five-days": AimPlan("COMPLAINTS", 0.1, 0.4),
    "one-envelope": AimPlan("BILL-CLEAR", 0.12, 0.5, method=CONTROL),
    "price-letter": AimPlan("BILL-CLEAR", 0.08, 0.5),
    "paid-is-paid": AimPlan("BILL-CALLS", 0.1, 0.3, "efficiency", None),
    "large-print": AimPlan("BILL-CLEAR", 0.05, 0.2, "security_compliance"),
    "solar-credit": AimPlan("LEAVING", 0.03, 0.2, "business_model", "low"),
    "two-hours": AimPlan("VISITS", 0.06, 0.6, method=CONTROL),
    "missed-visit": AimPlan("VISITS", 0.05, 0.5),
    "one-visit-swap": AimPlan("SECOND-VISITS", 0.3, 0.8, "efficiency", "high"),
    "know-my-house": AimPlan("SECOND-VISITS", 0.15, 0.5),
    "locked-cupboard": AimPlan("SECOND-VISITS", 0.1, 0.4),
    "roof-drone": AimPlan("SECOND-VISITS", 0.05, 0.3, "business_model", "low"),
    "moving-house": AimPlan("MOVE-DAYS", 0.4, 0.8, method=BEFORE_AND_AFTER),
    "heat-pump-quote": AimPlan("NPS", 0.1, 0.2, "business_model", "low"),
    "no-paper-shops": AimPlan("MOVE-DAYS", 0.1, 0.3),
    "sunday-topup": AimPlan("COMPLAINTS", 0.06, 0.4),
    "plan-in-one-call": AimPlan("LEAVING", 0.05, 0.4, "business_model"),
    "tell-us-once": AimPlan("COMPLAINTS", 0.05, 0.5, sure="high"),
    "debt-letters": AimPlan("LEAVING", 0.04, 0.3),
    "text-first": AimPlan("FIRST-WORD", 0.35, 0.7, method=CONTROL),
    "machines-first": AimPlan("FIRST-WORD", 0.2, 0.3, "security_compliance"),
    "planned-date": AimPlan("COMPLAINTS", 0.04, 0.4),
    "cut-map": AimPlan("FIRST-WORD", 0.1, 0.2, sure="low"),
}
