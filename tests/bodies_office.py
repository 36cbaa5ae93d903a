"""The bodies of `bodies.py`, for what the office keeps: people, units, partners, settings, imports, and coming in."""

from __future__ import annotations

import io
from typing import Any

from tests.bodies import ANYBODY, DAY, EVERYBODY, LATER, Send, says
from tests.cast import PASSWORD
from tests.midway import SHEET

KEEPING = "manager admin"  # the relationship owner of both partners, and the administrator
ADMIN = "admin"
WEEKDAYS = " ".join(f"day_{day}" for day in range(1, 8))
OTHER = "quite another long sentence"


def _file(_w: Any) -> dict[str, Any]:
    return {"what": "initiatives", "file": (io.BytesIO(SHEET), "again.csv")}


def _columns(act: str) -> Any:
    chosen = {"column_name": "Title", "column_unit": "Lead unit"}
    return lambda _w: {**chosen, "act": act, "map_name": "Ours"}


def _run(w: Any) -> dict[str, Any]:
    return {"key": w.managers_run.id}


def _deputy(capacity: str, deputy: str) -> Any:
    return lambda w: {
        f"{capacity}-deputy_id": getattr(w, deputy).id,
        f"{capacity}-starts": DAY,
        f"{capacity}-ends": LATER,
    }


def _workspace(w: Any) -> dict[str, Any]:
    return {
        "name": "Renamed",
        "product_name": "Throughline",
        "prefix": "CX",
        "language": "en",
        "time_zone": "UTC",
        "currency": "EUR",
        "programme_owner_id": w.owner.id,
        "alternate_id": w.alternate.id,
        "calendar_id": w.calendar.id,
        "signatures": "y",
        "priorities": "y",
        "benefits": "y",
        "version": 2,
    }


CONTACT = says(name="Nina New", email="nina@example.org", job_title="Tester", ends_on="")
PEOPLE_FORM = "is_admin is_finance"

OFFICE: dict[str, Send] = {
    "approvals.rules": Send(
        "admin", says(
            finance=["piloting"], fresh="above", fresh_above="1000", links="y", links_up_to="500", link_hours="24", version=2
        ), form_of="links",
    ),
    "audit.check_now": Send("auditor owner admin"),
    "audit.checkpoint_now": Send("auditor owner admin"),
    "audit.export_now": Send("auditor owner", says(words="yes")),
    "organisation.calendar_new": Send(ADMIN, says(name="Shifts", day_6="y", holidays=""), form_of=WEEKDAYS),
    "organisation.calendar_edit": Send(
        ADMIN, lambda w: {"name": "Shifts", "day_6": "y", "holidays": "", "version": w.calendar.version}, form_of=WEEKDAYS
    ),
    "organisation.partner_new": Send(
        ADMIN, lambda w: {"name": "Third", "serves": "", "terms": "", "relationship_owner_id": w.lead.id, "calendar_id": ""},
        form_of="contacts_share needs_second_factor",
    ),
    "organisation.partner_edit": Send(
        ADMIN, lambda w: {
            "name": "Brighter", "serves": "Us", "terms": "", "relationship_owner_id": w.lead.id, "calendar_id": "",
            "version": w.vendor.version,
        }, form_of="contacts_share needs_second_factor",
    ),
    "organisation.partner_ending": Send(ADMIN),
    "organisation.contact_new": Send(KEEPING, CONTACT),
    "organisation.contact_link": Send(KEEPING),
    "organisation.contact_ending": Send(KEEPING),
    "organisation.contact_until": Send(KEEPING, lambda w: {"ends_on": LATER, "version": w.contact.version}),
    "feeds.own": Send(EVERYBODY),
    "feeds.removal": Send("member", refused=frozenset({409})),
    "organisation.person_new": Send(
        ADMIN, lambda w: {**CONTACT(w), "role": "member", "unit_id": w.it.id, "partner_id": ""}, form_of=PEOPLE_FORM
    ),
    "organisation.person_edit": Send(
        ADMIN, lambda w: {
            "name": "Milo Renamed", "email": "milo@example.org", "job_title": "Tester", "ends_on": "", "role": "member", "unit_id": w.it.id,
            "version": w.member.version,
        }, form_of=PEOPLE_FORM,
    ),
    "organisation.person_ending": Send(ADMIN),
    "organisation.person_link": Send(ADMIN),
    "organisation.person_restoration": Send(ADMIN, where=lambda w: {"key": w.ended.id}),
    "organisation.unit_new": Send(
        ADMIN, lambda w: {
            "name": "Depot", "code": "DEP", "short_name": "", "aliases": "", "parent_id": w.company.id, "head_id": w.lead.id,
            "calendar_id": "",
        },
    ),
    "organisation.unit_edit": Send(
        ADMIN, lambda w: {
            "name": "Platforms", "code": "IT", "short_name": "", "aliases": "", "parent_id": w.company.id, "head_id": w.lead.id,
            "calendar_id": "", "version": w.it.version,
        },
    ),
    "organisation.unit_ending": Send(ADMIN, where=lambda w: {"key": w.billing.slug}),
    "organisation.end_deputyship": Send("executive owner"),
    "organisation.appoint_sponsors_deputy": Send("executive owner", _deputy("sponsor", "alternate")),
    "organisation.appoint_heads_deputy": Send("head admin", _deputy("head", "member"), lambda w: {"key": w.head.id}),
    "organisation.finance_add": Send(ADMIN, lambda w: {"person_id": w.member.id}),
    "organisation.finance_remove": Send(ADMIN),
    "organisation.workspace": Send(ADMIN, _workspace, form_of="designing"),
    "organisation.own_password": Send(EVERYBODY, says(current=PASSWORD, password=OTHER)),
    "organisation.profile": Send(
        EVERYBODY, says(name="Somebody Else", language="en", theme="dark", time_zone="UTC", day_calendar="auto", digits="auto",
            digest_hour="8", version=1),
        form_of="shortcuts mails_at_once",
    ),
    "notices.read_all": Send(EVERYBODY),
    "notices.read_one": Send("owner"),
    "notices.mute_one": Send("owner", where=lambda w: {"key": w.unmuted.id}),
    "notices.unmute": Send("owner"),
    "notices.mail_retry": Send(ADMIN, where=lambda w: {"ref": w.dead_mail.ref}),
    "notices.job_retry": Send(ADMIN, where=lambda w: {"key": w.dead_job.id}),
    "notices.unsubscribe": Send(ANYBODY, where=lambda w: {"token": w.stop}, status=200),
    "organisation.invitation": Send(ANYBODY, says(password=OTHER), lambda w: {"token": w.invitation}),
    "organisation.reset": Send(ANYBODY, says(password=OTHER), lambda w: {"token": w.reset}),
    "organisation.ask_reset": Send(ANYBODY, lambda w: {"email": w.finance.email}, status=200),
    "organisation.sign_in": Send(ANYBODY, lambda w: {"email": w.lead.email, "password": PASSWORD, "next": ""}),
    "organisation.sign_out": Send(ANYBODY),
    "organisation.set_up": Send(""),  # where somebody is there is no set-up (see test_founding.py)
    "organisation.set_up_organisation": Send(""),
    "organisation.session_ending": Send("manager", where=lambda w: {"key": w.elsewhere.key_hash}),
    "organisation.sessions_ending": Send(EVERYBODY),
    "organisation.person_sessions_ending": Send(ADMIN),
    "importing.index": Send("manager", _file, refused=frozenset({403, 404, 422})),  # 422: not of a kind that one may bring
    "importing.columns": Send("manager", _columns("save"), _run, "create_missing skip_bad encoding delimiter date_order decimal"),
    "importing.apply": Send("manager", _columns(""), _run, "create_missing skip_bad encoding delimiter date_order decimal"),
    "importing.discard": Send("manager", where=_run),
}  # fmt: skip
