"""What every form carries, and how a write tells that somebody saved first."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from flask import g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from tracker import meeting
from tracker.activity.kinds import Kind
from tracker.activity.queries import timeline
from tracker.errors import NotNow, Stale


class Versions:
    """How the write of `person` is held against what their form showed."""

    def __init__(self, person: Any) -> None:
        self.person = person

    def same_version(
        self,
        thing: Any,
        form: Any,
        theirs: dict[str, Any] | None = None,
        *,
        of: Any = None,
        kinds: Collection[Kind] | None = None,
    ) -> None:
        """Raise `Stale`, with both texts, unless the form was filled from the present version of `thing`.

        `theirs` gives what stands now as {field name: value} where the fields are not attributes of `thing`. What changed
        beside the form's own fields is no conflict. `of` is what the trail tells about where that is not `thing`, `kinds`
        which of its events change what the form shows.
        """
        now_there = theirs if theirs is not None else _attributes(thing, form)
        self._same(thing.version, form, now_there, of or thing, kinds)

    def same_values(
        self, form: Any, stands: dict[str, Any], *, of: Any, kinds: Collection[Kind] | None = None
    ) -> None:
        """Raise `Stale`, with both texts, unless what `stands` now of `of` is what the form was filled from."""
        self._same(meeting.mark(stands), form, stands, of, kinds)

    def _same(
        self,
        version: int,
        form: Any,
        stands: dict[str, Any],
        of: Any,
        kinds: Collection[Kind] | None,
    ) -> None:
        if request.form.get("version", type=int) == version:
            return
        if meeting.unmoved(form, stands, meeting.unpacked(request.form.get(meeting.OPENED))):
            return
        subject = (of.subject_type, of.id or 0)
        told = timeline(self.person, subject=subject, kinds=kinds, limit=1)
        raise Stale(form, stands, version, told[0] if told else None)

    def still(
        self, seen: Any, words: str, *, version: int | None = None, beside: bool = False
    ) -> None:
        """Raise `NotNow` with `words`, unless the form was made when `seen` was the same as now: what it decides on.

        A post that does not say what was seen, as no form of ours does, decides on what stands;
        one that names the present `version` of the whole thing has seen it all. `beside`: the form takes the place of
        something as well, and tells this beside the version of that.
        """
        present, name = meeting.mark(seen), meeting.BESIDE if beside else "version"
        if name in request.form and request.form.get(name, type=int) not in {present, version}:
            g.seen = {name: str(present)}  # told of it, one may send the same words again
            raise NotNow(words)


def _attributes(thing: Any, form: Any) -> dict[str, Any]:
    return {f.name: getattr(thing, f.name) for f in form if hasattr(thing, f.name)}


def keys(
    version: int | None = None,
    once: str | None = None,
    *,
    form: Any = None,
    stands: Mapping[str, Any] | None = None,
    seen: Any = None,
) -> Markup:
    """Return the hidden fields every form begins with: the token, the key of this submit, and what it was filled from.

    `once` is the key of a submit that left nothing behind and is sent again; else it is a new one. `version` is that of
    the thing; without one it is a checksum of `stands`, the values now, or of what is `seen` and decided on. `seen`
    together with a version is told beside it. `form` is the form itself: sent back with errors, it keeps what it was
    first filled from.
    """
    fields = [("csrf_token", generate_csrf()), ("once", once or secrets.token_urlsafe(16))]
    told: dict[str, str] = {}
    if stands is not None or version is not None:
        opened = stands if stands is not None else meeting.typed_in(form or ())
        told["version"] = str(meeting.mark(opened) if version is None else version)
        if opened:
            told[meeting.OPENED] = meeting.packed(meeting.shown(opened))
    if seen is not None:
        told[meeting.BESIDE if told else "version"] = str(meeting.mark(seen))
    if form is not None and form.errors:
        told |= {name: request.form[name] for name in told if name in request.form}
    fields += told.items()
    return Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in fields
    )
