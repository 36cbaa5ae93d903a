"""Who a row says does an action, and who hosts it: by address or name, a partner by its own name."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import gettext as _

from tracker.actions.assignees import Assignee
from tracker.importing.directory import Directory, Known, New
from tracker.importing.matching import Rejected, Standing, resolved
from tracker.importing.tidy import key
from tracker.organisation.people import Role
from tracker.policy import May, may


class Named(NamedTuple):
    """What the cells of a row name: a person of ours, a partner that may have to be made, a contact of one."""

    person: int | None = None
    partner: int | New | None = None
    contact: int | None = None

    def with_partner(self, partner: int | New) -> Named:
        """Return it with the partner of a further cell. Raises `Rejected` where the two do not go together."""
        if self.person is not None:
            raise Rejected("partner", _("An action has one assignee: a person of ours, or a partner."))  # fmt: skip
        if self.partner not in (None, partner):
            words = _("Two partners are named. An action has one assignee.")
            if self.contact is not None:
                words = _("Whoever is named is a contact of another partner. Name one of this partner, or nobody.")  # fmt: skip
            raise Rejected("partner", words)
        return self._replace(partner=partner)


def doer_of(values: dict[str, Any], found: Standing | None, directory: Directory) -> Assignee | None:  # fmt: skip
    """Return who does it; None where the row does not say. The partner may be `New`. Raises `Rejected`."""
    present = found.state["assignee"] if found else None
    texts = {name: values.get(name) for name in ("assignee", "partner", "contact")}
    if not any(texts.values()):
        return None
    if found and all(not text or _says(found, name, text) for name, text in texts.items()):
        return present
    named = _named(texts["assignee"], directory)
    if texts["partner"]:
        named = named.with_partner(resolved("partner", directory.partner, texts["partner"]))
    if texts["contact"]:
        contact = _contact(texts["contact"], directory)
        if named.person is not None:
            raise Rejected("contact", _("Only a partner's action has a contact."))
        if named.partner not in (None, contact.partner_id):
            raise Rejected(
                "contact",
                _("%(name)s is a contact of another partner. Name one of this partner, or nobody.", name=contact.name),
            )  # fmt: skip
        named = Named(partner=contact.partner_id, contact=contact.id)
    return Assignee(named.person, named.partner, named.contact)  # type: ignore[arg-type]


def host_of(values: dict[str, Any], found: Standing | None, owner: Any, directory: Directory) -> int | None:  # fmt: skip
    """Return who hosts it: whom the row names, for a new one else the lead, or whoever imports. Raises `Rejected`."""
    text = values.get("host")
    if found and (not text or _says(found, "host", text)):
        return found.state["host"]
    if text:
        return resolved("host", directory.colleague, text).id
    importer = directory.importer
    able = {one.id for one in directory.people if one.active and one.role not in (Role.partner, Role.auditor)}  # fmt: skip
    for candidate in (owner.lead_id, importer.id if importer is not None else None):
        if candidate in able:
            return candidate
    raise Rejected("host", _("%(ref)s has no lead. Say who hosts the action.", ref=owner.ref))


def check_importer(importer: Any, owner: Any, stands: Any) -> None:
    """Raise `Rejected` unless `importer` may add actions there, or host the one that `stands`; None is asked nothing."""
    if importer is None:
        return
    allowed = may(importer, May.host_action, stands) if stands else may(importer, May.add_action, owner)  # fmt: skip
    if not allowed:
        raise Rejected(
            "initiative",
            _("The lead of %(ref)s or a manager brings its actions in.", ref=owner.ref),
        )


def may_say_accepted(importer: Any, doer: Assignee) -> bool:
    """Tell whether a file may bring in as accepted what `doer` did: nobody their own work, and only a manager a partner's."""
    if importer is None:
        return True
    if doer.partner_id is not None:
        return may(importer, May.import_portfolio)
    return doer.person_id != importer.id


def _says(found: Standing, name: str, text: str) -> bool:
    """Whether a cell names whoever it is already: also where two people have that name."""
    return key(text) in {key(one) for one in found.state["names"][name]}


def _named(text: str | None, directory: Directory) -> Named:
    if not text:
        return Named()
    if directory.has_partner(text):
        return Named(partner=resolved("assignee", directory.partner, text))
    person: Known = resolved("assignee", directory.person, text)
    if person.role == Role.partner:
        return Named(partner=person.partner_id, contact=_active(person, "assignee").id)
    return Named(person=resolved("assignee", directory.colleague, text).id)


def _contact(text: str, directory: Directory) -> Known:
    person: Known = resolved("contact", directory.person, text)
    if person.role != Role.partner:
        raise Rejected("contact", _("%(name)s is nobody's contact: one of ours does it as assignee.", name=person.name))  # fmt: skip
    return _active(person, "contact")


def _active(person: Known, field: str) -> Known:
    if not person.active:
        raise Rejected(field, _("The access of %(name)s has ended.", name=person.name))
    return person
