"""Two people on one text: what a form showed when it was opened, what was typed since, and what stands now."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.differences import Line, differences

OPENED = "opened"  # the hidden field that carries what a form showed
BESIDE = "beside"  # the hidden field for what was seen beside the version of the thing
OWN = ":own"  # ends the name of the field that carries a text made from both; as a value it chooses that text
MOST = 400_000  # bytes that are unpacked
WITHHELD = frozenset({"SubmitField", "PasswordField", "FileField", "MultipleFileField"})

Shown = dict[str, list[str]]


def said(value: Any) -> list[str]:
    """Return `value` of a field as a browser sends it: the texts under its name, several for what chooses several."""
    if isinstance(value, bool):
        return ["y"] if value else []
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(text for one in value for text in said(one))
    if value is None:
        return [""]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, Decimal):
        return [f"{value:f}".removesuffix(".00")]
    return [str(value).replace("\r\n", "\n")]


def shown(values: Mapping[str, Any]) -> Shown:
    """Return what a form shows of `values`, field by field."""
    return {name: said(value) for name, value in values.items()}


def typed_in(form: Iterable[Any]) -> dict[str, Any]:
    """Return what stands in the fields of a form, those left out that no page shows again."""
    return {one.name: one.data for one in form if one.type not in WITHHELD}


def mark(values: Any) -> int:
    """Return a checksum of values: the version of what has no version of its own. JSON values, ids, dates, money."""
    told = shown(values) if isinstance(values, Mapping) else said(values)
    return zlib.crc32(json.dumps(told, sort_keys=True).encode())


def packed(seen: Shown) -> str:
    """Return what a form showed as text for its hidden field. It only ever comes back to whoever was shown it."""
    return base64.b64encode(zlib.compress(json.dumps(seen).encode())).decode()


def unpacked(text: str | None) -> Shown | None:
    """Return what `packed` was given; None for what it did not make."""
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(text or "", validate=True), MOST)
        seen = json.loads(data)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None
    if not isinstance(seen, dict) or not all(map(_texts, seen.values())):
        return None
    return seen


def _texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(text, str) for text in values)


def unmoved(form: Iterable[Any], stands: Mapping[str, Any], opened: Shown | None) -> bool:
    """Tell whether everything that a form shows still stands as it was opened: then nothing can be written over."""
    if opened is None or not typed_in(form).keys() <= stands.keys():
        return False
    return all(opened.get(name) == texts for name, texts in shown(stands).items())


def chosen(sent: Any) -> Any:
    """Return what a page with both texts sent, each field with the text that was chosen for it.

    One that was left without a choice takes the text made from both, so that no text is lost.
    """
    own = [name for name in sent or () if name.endswith(OWN)]
    if not own:
        return sent
    found = MultiDict(sent)
    for name in own:
        plain = name.removesuffix(OWN)
        if plain not in found or found.get(plain) == OWN:
            found.setlist(plain, found.getlist(name))
    return found


class Side(StrEnum):
    """Who changed a field since the form was opened."""

    none = "none"
    mine = "mine"
    theirs = "theirs"
    both = "both"


@dataclass(frozen=True)
class Option:
    """One of several that can be ticked: whether it is in each text, and whether it is proposed for what comes of both."""

    value: str
    words: str
    mine: bool
    theirs: bool
    ticked: bool


@dataclass(frozen=True)
class Met:
    """One field of a form that two changed. `was` is None where nobody knows what the form showed."""

    name: str
    label: str
    kind: str  # text, tall (of several lines), tick, pick or several
    mine: list[str]
    theirs: list[str]
    was: list[str] | None
    words: dict[str, str] = field(default_factory=dict)  # of each choice

    @property
    def side(self) -> Side:
        """Who changed it; where nobody knows, both did."""
        if self.mine == self.theirs:
            return Side.none
        if self.was == self.mine:
            return Side.theirs
        return Side.mine if self.was == self.theirs else Side.both

    @property
    def _before(self) -> str:
        """What both are compared with: what the form showed, or where it showed nothing, what stands now."""
        return _text(self.was or []) or _text(self.theirs)

    @property
    def my_lines(self) -> list[Line]:
        """What was typed, with what differs from before."""
        return differences(self._before, _text(self.mine))

    @property
    def their_lines(self) -> list[Line]:
        """What stands now, with what differs from before."""
        return differences(self._before, _text(self.theirs))

    @property
    def together(self) -> str:
        """Both texts, one after the other, to begin with."""
        return "\n\n".join(text for text in (_text(self.theirs), _text(self.mine)) if text)

    @property
    def options(self) -> list[Option]:
        """Everything that is ticked on one side at least, merged one by one: who changed a tick has it."""
        was = self.was if self.was is not None else set(self.mine) & set(self.theirs)
        found = []
        for value in sorted({*self.mine, *self.theirs, *was}, key=self.said):
            mine, theirs = value in self.mine, value in self.theirs
            ticked = mine if mine != (value in was) else theirs
            found.append(Option(value, self.said(value), mine, theirs, ticked))
        return found

    def said(self, value: str) -> str:
        """Return the words of a choice."""
        return self.words.get(value, value)


def _text(values: list[str]) -> str:
    return "\n".join(values)


def met(form: Iterable[Any], stands: Mapping[str, Any], opened: Shown | None) -> list[Met]:
    """Return every field of `form` that shows something which stands somewhere, in the order of the form."""
    now = shown(stands)
    return [
        Met(
            name=one.name,
            label=str(one.label.text),
            kind=_kind(one),
            mine=said(one.data),
            theirs=now[one.name],
            was=(opened or {}).get(one.name),
            words=_choices(one),
        )
        for one in form
        if one.name in now
    ]


def _kind(one: Any) -> str:
    if one.type == "BooleanField":
        return "tick"
    if hasattr(one, "iter_choices"):
        return "several" if one.type == "SelectMultipleField" else "pick"
    return "tall" if type(one.widget).__name__ == "TextArea" else "text"


def _choices(one: Any) -> dict[str, str]:
    if not hasattr(one, "iter_choices"):
        return {}
    return {said(choice[0])[0]: str(choice[1]) for choice in one.iter_choices()}
