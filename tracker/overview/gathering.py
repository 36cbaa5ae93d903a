"""All that a person is needed for: what home shows of it, how much it is in all, and where the rest is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from tracker.organisation.people import Person, Role
from tracker.overview.need import Kind, Need
from tracker.wording import ngettext


@dataclass(frozen=True)
class Needs:
    """The rows that home shows and how many there are in all; of each kind that is cut short (words, address) of all of it.

    `only` is the kind that alone is shown; `cut` says that even so not everything of it is.
    """

    rows: list[Need]
    total: int
    more: list[tuple[str, str]]
    only: Kind | None = None
    cut: bool = False


def gathered(found: list[Need], person: Person, only: Kind | None) -> Needs:
    """Return what was found, counted; with `only` the rows of that kind alone."""
    totals = {need.kind: need.among for need in found}
    rows = [need for need in found if only in (None, need.kind)]
    shown = {kind: sum(need.kind == kind for need in rows) for kind in totals}
    more = [
        (_ALL_OF[kind](total), _place_of(kind, person))
        for kind, total in totals.items()
        if total > shown[kind] and only is None
    ]
    cut = only is not None and totals.get(only, 0) > shown.get(only, 0)
    return Needs(rows, sum(totals.values()), more, only, cut)


_ALL_OF: dict[Kind, Callable[[int], str]] = {
    Kind.sponsorships: lambda n: ngettext("The proposal to you", "All %(num)s proposals to you", n),
    Kind.asks: lambda n: ngettext(
        "The request to open a stage", "All %(num)s requests to open a stage", n
    ),
    Kind.seconds: lambda n: ngettext(
        "The request that waits for finance", "All %(num)s requests that wait for finance", n
    ),
    Kind.returned: lambda n: ngettext(
        "The request that was sent back", "All %(num)s requests that were sent back", n
    ),
    Kind.interim: lambda n: ngettext(
        "The initiative that needs a sponsor for good",
        "All %(num)s initiatives that need a sponsor for good",
        n,
    ),
    Kind.actions: lambda n: ngettext(
        "The action that waits for you", "All %(num)s actions that wait for you", n
    ),
    Kind.blockers: lambda n: ngettext(
        "The blocker that waits for you", "All %(num)s blockers that wait for you", n
    ),
    Kind.unanswered: lambda n: ngettext(
        "The blocker that nobody answers for", "All %(num)s blockers that nobody answers for", n
    ),
    Kind.reports: lambda n: ngettext("The overdue report", "All %(num)s overdue reports", n),
    Kind.proposals: lambda n: ngettext(
        "The proposal that is not answered", "All %(num)s proposals that are not answered", n
    ),
    Kind.unsigned: lambda n: ngettext("The charter to sign", "All %(num)s charters to sign", n),
    Kind.objections: lambda n: ngettext(
        "The objection to decide", "All %(num)s objections to decide", n
    ),
    Kind.silent: lambda n: ngettext(
        "The silent unit of yours", "All %(num)s silent units of yours", n
    ),
    Kind.unrated: lambda n: ngettext("The rating you owe", "All %(num)s ratings you owe", n),
    Kind.unsettled: lambda n: ngettext(
        "The disagreement to settle", "All %(num)s disagreements to settle", n
    ),
}


def _place_of(kind: Kind, person: Person) -> str:
    """Return the list of everything of a kind; where no other page has one, home itself lists it."""
    if kind in (Kind.sponsorships, Kind.proposals):
        return url_for("initiatives.sponsorships")
    if kind == Kind.returned:
        return url_for("approvals.index")
    if kind == Kind.interim:
        return url_for("initiatives.index", sponsor=person.id, interim=1)
    if kind == Kind.actions:
        return url_for("actions.index")
    if kind == Kind.blockers:
        return url_for("blockers.index", mine=1, state="all")
    if kind == Kind.unanswered:
        return url_for("blockers.index", answerer="none")
    if kind == Kind.reports:
        nobody = 1 if person.role == Role.manager else None
        return url_for("initiatives.index", silent=1, lead=person.id, no_lead=nobody)
    return url_for("overview.home", all=kind.value)
