"""Why a job was not done: kept as the name of a reason with a detail, and put into words for whoever reads it.

A detail is what another machine said, or a name; it is not translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tracker.wording import isolate
from tracker.wording import lazy as _l

MARK = ": "


class Reason(StrEnum):
    """What can be in the way."""

    killed = "killed"
    database = "database"
    fault = "fault"
    no_address = "no_address"
    characters = "characters"
    bounced = "bounced"
    refused = "refused"
    put_off = "put_off"
    cut = "cut"
    failed = "failed"
    silent = "silent"
    unreachable = "unreachable"
    untrusted = "untrusted"
    not_signed_in = "not_signed_in"
    no_tls = "no_tls"


SENTENCES: Mapping[Reason, str] = {
    Reason.killed: _l("Whoever worked on it was killed, again and again."),
    Reason.database: _l("The database was busy or in trouble."),
    Reason.fault: _l("A fault of the program (%(detail)s); the log says more."),
    Reason.no_address: _l("No mail can be sent to this address: correct it, and try again."),
    Reason.characters: _l("The mail server cannot take an address with such characters."),
    Reason.bounced: _l("Nobody gets mail at this address; the mail server said: %(detail)s"),
    Reason.refused: _l("The mail server refused the mail for good: %(detail)s"),
    Reason.put_off: _l("The mail server put the mail off: %(detail)s"),
    Reason.cut: _l("The mail server ended the connection."),
    Reason.failed: _l("The mail server failed (%(detail)s)."),
    Reason.silent: _l("The mail server did not answer in time: %(detail)s"),
    Reason.unreachable: _l("The mail server cannot be reached: %(detail)s"),
    Reason.untrusted: _l("The certificate of the mail server is not to be trusted: %(detail)s"),
    Reason.not_signed_in: _l(
        "The mail server does not take our user name and password: %(detail)s"
    ),
    Reason.no_tls: _l("The mail server offers no TLS, or no sign-in: %(detail)s"),
}


def kept(reason: Reason, detail: str = "") -> str:
    """Return a reason as it is kept."""
    return f"{reason.value}{MARK}{detail}" if detail else reason.value


def in_words(error: str) -> str:
    """Return what is kept in the words of whoever looks; what is no reason of ours stays as it is."""
    name, _mark, detail = error.partition(MARK)
    reason = next((one for one in Reason if one.value == name), None)
    if reason is None:
        return error
    return str(SENTENCES[reason]) % {"detail": isolate(detail)}
