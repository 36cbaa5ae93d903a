"""What a goal is for, how far it looks, and how sure one is of it."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _


class Horizon(StrEnum):
    """How far a goal looks. An initiative has one of each at most."""

    outcome = "outcome"  # what the company wants of it in the end
    leading = "leading"  # what moves first, while the present stage lasts


class Aim(StrEnum):
    """Whom the improvement serves; a portfolio is a mix of them."""

    customer = "customer"
    business_model = "business_model"
    security_compliance = "security_compliance"
    efficiency = "efficiency"


class Confidence(StrEnum):
    """How sure the lead is that the claim will hold."""

    low = "low"
    medium = "medium"
    high = "high"


def horizon_name(horizon: str) -> str:
    """Return the words of a horizon."""
    names = {Horizon.outcome: _("Outcome"), Horizon.leading: _("Leading measure")}
    return names[Horizon(horizon)]


def aim_name(aim: str) -> str:
    """Return the words of an aim."""
    names = {
        Aim.customer: _("Customer"),
        Aim.business_model: _("Business model"),
        Aim.security_compliance: _("Security and compliance"),
        Aim.efficiency: _("Internal efficiency"),
    }
    return names[Aim(aim)]


def confidence_name(confidence: str) -> str:
    """Return the words of a confidence."""
    names = {
        Confidence.low: _("Low confidence"),
        Confidence.medium: _("Medium confidence"),
        Confidence.high: _("High confidence"),
    }
    return names[Confidence(confidence)]
