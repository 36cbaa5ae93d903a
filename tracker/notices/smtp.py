"""Hands a mail to the SMTP server of `TRACKER_SMTP_URL`: smtp (plain), smtp+starttls or smtps, with certificates checked."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from functools import cache
from urllib.parse import unquote, urlsplit

from tracker.notices.reasons import Reason, kept
from tracker.notices.working import Later, Never, Unreachable

PATIENCE = 10.0  # seconds for each answer of the server
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


def send(
    message: EmailMessage, url: str, *, name: str, trust: ssl.SSLContext | None = None
) -> None:
    """Hand `message` over; `name` is what this host calls itself. `trust` replaces the authorities of the system.

    Raises `Never` when the server refuses the mail for good (5xx), `Later` when it does so for now, and `Unreachable`
    when no mail can be handed over: no connection, no answer, no trust, no sign-in.
    """
    try:
        with _connected(url, name, trust) as server:
            _hand_over(server, message)
    except (smtplib.SMTPException, OSError) as error:
        if _took_too_long(error):
            raise Unreachable(_silence(url)) from None
        if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
            raise Later(kept(Reason.cut)) from None
        raise Later(kept(Reason.failed, type(error).__name__)) from None


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refused(code, words, Reason.bounced) from None
    except smtplib.SMTPSenderRefused as error:
        raise _refused(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError:
        raise Never(kept(Reason.characters)) from None


def _refused(code: int, words: bytes | str, for_good: Reason = Reason.refused) -> Exception:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    answer = f"{code} {' '.join(said.split())}"
    if 500 <= code < 600:
        return Never(kept(for_good, answer))
    return Later(kept(Reason.put_off, answer))


@contextmanager
def _connected(url: str, name: str, trust: ssl.SSLContext | None) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    server: smtplib.SMTP | None = None
    try:
        server = _greeted(parts.scheme, host, port, name, trust)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (smtplib.SMTPException, OSError) as error:
        _give_up(server)
        raise Unreachable(_why_not(error, url)) from None
    try:
        yield server
    finally:
        _give_up(server)


def _greeted(
    scheme: str, host: str, port: int, name: str, trust: ssl.SSLContext | None
) -> smtplib.SMTP:
    """Return a connection on which both sides have said who they are, encrypted where `scheme` asks for it."""
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, name, timeout=PATIENCE, context=trust or _authorities())
    server = smtplib.SMTP(host, port, name, timeout=PATIENCE)
    try:
        if scheme == "smtp+starttls":
            server.starttls(context=trust or _authorities())
    except BaseException:
        server.close()
        raise
    return server


@cache
def _authorities() -> ssl.SSLContext:
    """Return whom this system trusts: certificates and host names are checked."""
    return ssl.create_default_context()


def _why_not(error: Exception, url: str) -> str:
    host = urlsplit(url).hostname or ""
    if isinstance(error, ssl.SSLCertVerificationError):
        return kept(Reason.untrusted, f"{host}, {error.verify_message}")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return kept(Reason.not_signed_in, host)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return kept(Reason.no_tls, host)
    if _took_too_long(error):
        return _silence(url)
    why = getattr(error, "strerror", None) or type(error).__name__
    return kept(Reason.unreachable, f"{host}, {why}")


def _took_too_long(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _silence(url: str) -> str:
    return kept(Reason.silent, urlsplit(url).hostname or "")


def _give_up(server: smtplib.SMTP | None) -> None:
    """Close without a further word: what is said after the mail was taken must not make it fail."""
    if server is not None:
        server.close()
