"""What somebody typed, kept for the page that says why it was not done, so that nobody types it twice."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException

from tracker.addresses import came_from, safe_next
from tracker.meeting import OPENED, OWN

OURS = frozenset({"csrf_token", "once", "came_from"})
PROOFS = (
    "proof_secret",
    "proof_token",
)  # what proves again who sends a form; it goes before the act, and is no part of it
SEEN = frozenset({"version", OPENED})
WITHHELD = re.compile(r"password|secret|token|^current$", re.IGNORECASE)
WRITTEN = frozenset({"text", "email", "date", "number", "search", "tel", "url"})
PROSE = re.compile(r"\S\s+\S|[^\x00-\x7f]")  # what no id, key or name of a state has
TALL = 80  # characters of a text that needs more than one line


@dataclass(frozen=True)
class Text:
    """One text as it was typed; the label is empty where no form says what it is."""

    name: str
    label: str
    words: str
    tall: bool


@dataclass(frozen=True)
class Typed:
    """What a post brought. `whole` says that it can be sent again as it stands: no password, no file was left out.

    `action` is where it was sent, `back` the page it came from (None where that is not known), `once` the key to send
    it with again; None asks for a new one.
    """

    texts: list[Text]
    carried: list[tuple[str, str]]
    whole: bool
    action: str
    back: str | None
    once: str | None


def settled() -> None:
    """Let the form of this request be read where nothing may go wrong any more: what cannot be read counts as nothing typed.

    That is a body that is too large, one that ends too early or has parts without a name, or one for which the disk has no room.
    """
    asked: Any = request
    try:
        nameless = None in request.form or None in request.files
    except (HTTPException, OSError):
        nameless = True
    if nameless:
        request.close()  # its files
        asked.form = asked.files = ImmutableMultiDict()


def typed(*, undone: bool, without: Collection[str] = ()) -> Typed | None:
    """Return what this post brought; None for what is no form. `undone`: its key was rolled back with everything.

    `without` names fields that are shown elsewhere, with what they were filled from.
    """
    if request.method != "POST":
        return None
    settled()
    if not request.form:
        return None
    fields = {field.name: field for form in g.get("forms", ()) for field in form}
    texts: list[Text] = []
    carried: list[tuple[str, str]] = []
    whole = not any(file.filename for file in request.files.values())
    for name, values in request.form.lists():
        if (
            name in OURS
            or name in PROOFS
            or name.removesuffix(OWN) in without
            or (without and name in SEEN)
            or getattr(fields.get(name), "is_said_here", False)
        ):
            continue
        if name in g.get("seen", {}):
            carried.append((name, g.seen[name]))  # what changed meanwhile was told
        elif _withheld(name, fields.get(name)):
            whole = whole and not any(values)
        elif any(values) and values != [OWN] and _is_text(fields.get(name), values):
            field = fields.get(name.removesuffix(OWN))
            texts += (_text(name, field, words) for words in values)
        else:
            carried += ((name, value) for value in values)
    once = request.form.get("once") if undone else None
    return Typed(texts, carried, whole, request.full_path.rstrip("?"), _back(), once)


def carried() -> list[tuple[str, str]]:
    """Return everything that this post brought but passwords, files and what belongs to the page, to be sent on as it stands."""
    fields = {field.name: field for form in g.get("forms", ()) for field in form}
    return [
        (name, value)
        for name, values in request.form.lists()
        if name != "csrf_token" and name not in PROOFS and not _withheld(name, fields.get(name))
        for value in values
    ]


def _withheld(name: str, field: Any) -> bool:
    kind = getattr(field, "type", "")
    return kind in {"PasswordField", "FileField"} or WITHHELD.search(name) is not None


def _is_text(field: Any, values: list[str]) -> bool:
    if field is None:
        return any(PROSE.search(value.strip()) for value in values)
    return _is_area(field) or getattr(field.widget, "input_type", "") in WRITTEN


def _is_area(field: Any) -> bool:
    return type(field.widget).__name__ == "TextArea"


def _text(name: str, field: Any, words: str) -> Text:
    label = "" if field is None else str(field.label.text)
    area = field is not None and _is_area(field)
    return Text(name, label, words, area or len(words) > TALL or "\n" in words)


def _back() -> str | None:
    """Return the page that the form stood on, as long as it can be opened; a form sent again says it itself."""
    for address in (safe_next(request.form.get("came_from")), came_from()):
        if address and _opens(address):
            return address
    return None


def _opens(address: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(urlsplit(address).path, method="GET"))
    except HTTPException:
        return False
