"""By which rules decisions are made: what the organisation sets, and what of it binds a request from the day it is put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.wording import listed, money, number

SECOND = (Stage.piloting, Stage.realised)  # the gates at which finance can be asked (rule 14)
HOURS = 48  # that a one-time link usually holds
LONGEST = 168  # hours: seven days


class Fresh(StrEnum):
    """When whoever decides proves once more who it is."""

    never = "never"
    always = "always"
    above = "above"  # an amount


@dataclass(frozen=True)
class Rules:
    """What the organisation sets. Amounts are in its currency."""

    finance: tuple[Stage, ...] = ()
    fresh: Fresh = Fresh.never
    fresh_above: Decimal | None = None
    links: bool = False
    links_up_to: Decimal | None = None
    link_hours: int = HOURS

    @classmethod
    def of(cls, organisation: Organisation) -> Rules:
        """Return the rules that are set now."""
        return cls.read(organisation.approval_rules)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Rules:
        """Return the rules as they were kept; what is not there is as it is without a setting."""
        return cls(
            finance=tuple(Stage(one) for one in kept.get("finance", ())),
            fresh=Fresh(kept.get("fresh", Fresh.never)), fresh_above=_amount(kept.get("fresh_above")),
            links=bool(kept.get("links")), links_up_to=_amount(kept.get("links_up_to")),
            link_hours=int(kept.get("link_hours", HOURS)),
        )  # fmt: skip

    @property
    def kept(self) -> dict[str, Any]:
        """The same as it is kept, and told on the trail."""
        return {
            "finance": [one.value for one in SECOND if one in self.finance],
            "fresh": self.fresh.value, "fresh_above": _told(self.fresh_above),
            "links": self.links, "links_up_to": _told(self.links_up_to), "link_hours": self.link_hours,
        }  # fmt: skip

    def wants_fresh(self, cost: Decimal | None) -> bool:
        """Tell whether a decision on this cost asks for a fresh sign-in. A cost without an amount may be any: it does."""
        if self.fresh == Fresh.above:
            return cost is None or self.fresh_above is None or cost > self.fresh_above
        return self.fresh == Fresh.always

    def allows_link(self, cost: Decimal | None) -> bool:
        """Tell whether a decision on this cost may be made by a one-time link: never on a cost without an amount."""
        return self.links and cost is not None and self.links_up_to is not None and cost <= self.links_up_to  # fmt: skip


def change_rules(organisation: Organisation, rules: Rules, *, by: Person, now: datetime) -> None:
    """Set the rules: what is put from now on is bound by them, and what was put keeps its own."""
    if rules != Rules.of(organisation):
        organisation.change(by=by, now=now, approval_rules=rules.kept)


def bind(approval: Any) -> None:
    """Let the rules of this moment bind a request that is put. A fresh sign-in and a link without one exclude each other."""
    rules = Rules.of(Organisation.current())
    approval.finance_wanted = approval.opens in rules.finance
    cost = (
        approval.cost if approval.cost or not approval.cost_words else None
    )  # nothing beside words is no amount
    approval.fresh_wanted = rules.wants_fresh(cost)
    linked = rules.allows_link(cost) and not approval.fresh_wanted
    approval.link_hours, approval.by_link = rules.link_hours if linked else None, False


def fresh_wanted(approval: Any) -> bool:
    """Tell whether whoever decides on this request first proves again who it is."""
    return approval.fresh_wanted


def rules_told(
    was: Mapping[str, Any] | None, now: Mapping[str, Any] | None
) -> Iterator[tuple[str, str, str]]:
    """Tell which of the rules are others: what, as it was, as it is."""
    before, after = (Rules.read(one or {}) for one in (was, now))
    for words, told in (
        (_("Finance decides second"), finance_told),
        (_("Fresh sign-in before a decision"), fresh_told),
        (_("One-time links"), links_told),
    ):
        if told(before) != told(after):
            yield words, told(before), told(after)


def finance_told(rules: Rules) -> str:
    """Return at which gates finance decides second."""
    return listed(stage_name(one) for one in rules.finance) if rules.finance else _("nowhere")


def fresh_told(rules: Rules) -> str:
    """Return when a fresh sign-in is asked for."""
    if rules.fresh == Fresh.above:
        return _("above %(amount)s", amount=money(rules.fresh_above or 0, cents=True))
    return _("always") if rules.fresh == Fresh.always else _("never")


def links_told(rules: Rules) -> str:
    """Return up to which amount one-time links decide, and how long they hold."""
    if not rules.links:
        return _("switched off")
    return _(
        "up to %(amount)s, for %(hours)s h",
        amount=money(rules.links_up_to or 0, cents=True), hours=number(rules.link_hours),
    )  # fmt: skip


def _amount(text: Any) -> Decimal | None:
    return None if text is None else Decimal(text)


def _told(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{Decimal(amount):.2f}"
