"""What the modules wait for: charters to sign, objections and priority conflicts to settle; nothing while they are off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import url_for
from flask_babel import gettext as _

from tracker.initiatives.awaiting import Waiting
from tracker.overview.need import Kind, Need
from tracker.wording import day


def told(waits: Mapping[str, list[Waiting]]) -> Iterator[Need]:
    """Return what signatures and priorities wait for from a person, as head, deputy or sponsor: see `agreements_of`."""
    for waiting in waits.get("unsigned", ()):
        yield _need(
            waiting,
            Kind.unsigned,
            _("Sign the charter of “%(title)s”?", title=waiting.title),
            _("Waits for your unit"),
            _("Answer"),
        )
    for waiting in waits.get("objections", ()):
        yield _need(
            waiting,
            Kind.objections,
            _("Objection to “%(title)s”", title=waiting.title),
            _("Waits for your decision"),
            _("Look at it"),
        )
    for waiting in waits.get("silent", ()):
        yield _need(
            waiting,
            Kind.silent,
            _("No answer on the charter of “%(title)s”", title=waiting.title),
            _("A unit of yours is silent"),
            _("Look at it"),
        )
    for waiting in waits.get("unrated", ()):
        yield _need(
            waiting,
            Kind.unrated,
            _("How urgent is “%(title)s” for you?", title=waiting.title),
            _("Waits for your unit"),
            _("Rate"),
        )
    for waiting in waits.get("unsettled", ()):
        yield _need(
            waiting,
            Kind.unsettled,
            _("Units disagree on “%(title)s”", title=waiting.title),
            _("Waits for your decision"),
            _("Settle it"),
        )


def _need(waiting: Waiting, kind: Kind, what: str, why: str, act: str) -> Need:
    rated = kind in (Kind.unrated, Kind.unsettled)
    endpoint = "initiatives.priorities" if rated else "initiatives.charter"
    url = url_for(endpoint, ref=waiting.ref)
    since = _("since %(day)s", day=day(waiting.since, "short"))
    return Need(
        what=what,
        ref=waiting.ref,
        url=url,
        who=waiting.unit,
        when=since,
        why=why,
        mark="warn",
        act=act,
        act_url=url,
        kind=kind,
        among=waiting.among,
    )
