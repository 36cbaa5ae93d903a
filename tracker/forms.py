"""The form every form is made from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import g, has_request_context, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from tracker.form_words import OwnWords
from tracker.meeting import chosen
from tracker.wording import number

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # categories of characters that show nothing
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def tidy(text: str | None) -> str | None:
    """Return text without blanks at its ends, line breaks as one character, and no control characters; nothing where none
    of its characters would be seen."""
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NO_TEXT.sub("", text).strip()
    return text if any(unicodedata.category(one) not in _UNSEEN for one in text) else ""


class AtMost:
    """A text of at most `most` characters."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, _form: Any, field: Any) -> None:
        count = len(field.data or "")
        if count > self.most:
            raise ValidationError(
                gettext(
                    "Keep it to %(most)s characters: it has %(count)s.",
                    most=number(self.most),
                    count=number(count),
                )
            )


class _Text(StringField):
    """Text; where a post leaves the field out, nothing was typed."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(list(valuelist) or [""])


class Line(_Text):
    """One line of text, tidied."""

    def __init__(
        self, label: Any = None, validators: Any = (), longest: int = 200, **more: Any
    ) -> None:
        super().__init__(label, [*validators, AtMost(longest)], filters=[tidy, _one_line], **more)


class Words(_Text, TextAreaField):
    """Several lines of text, tidied."""

    def __init__(
        self, label: Any = None, validators: Any = (), longest: int = 4000, **more: Any
    ) -> None:
        super().__init__(label, [*validators, AtMost(longest)], filters=[tidy], **more)


class Cells(_Text, TextAreaField):
    """Rows of cells as a spreadsheet copies them: tabs between them and blank lines stay as they are."""

    def __init__(
        self, label: Any = None, validators: Any = (), longest: int = 200_000, **more: Any
    ) -> None:
        super().__init__(label, [*validators, AtMost(longest)], filters=[_as_rows], **more)


def _as_rows(text: str | None) -> str | None:
    if text is None:
        return None
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def optional_id(value: Any) -> int | None:
    """Coerce a choice to an id; the empty choice is None. Raises ValueError for what no choice could be."""
    if value in (None, "", "None"):
        return None
    number = int(value)
    if not 0 < number < 2**31:
        raise ValueError(gettext("Choose one from the list."))
    return number


def _brought(form: Any) -> Any:
    if request.method != "POST":
        return None
    asked = {field.name for field in form if field.type == "FileField"}
    files = [pair for pair in request.files.items(multi=True) if pair[0] in asked]
    return MultiDict([*files, *request.form.items(multi=True)]) if files else request.form


class Form(FlaskForm):
    """A form without its own CSRF field: the gate has checked the token already, before anything else.

    The request remembers it (`g.forms`), so that whatever refuses the post can name what was typed.
    """

    class Meta:
        csrf = False

        def get_translations(self, _form: Any) -> OwnWords:
            return OwnWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what a post brought: fields, and files only where the form asks for one. JSON is no form."""
            return chosen(_brought(form) if formdata is _Auto else formdata)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if has_request_context():
            g.setdefault("forms", []).append(self)

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by field, without submit buttons."""
        return {field.name: field.data for field in self if field.type != "SubmitField"}

    def fill(self, thing: Any) -> Form:
        """Show what stands on `thing` in the fields that have its attributes' names."""
        for field in self:
            if hasattr(thing, field.name):
                field.data = getattr(thing, field.name)
        return self


__all__ = [
    "AtMost",
    "Field",
    "Form",
    "Line",
    "Optional",
    "ValidationError",
    "Words",
    "optional_id",
    "tidy",
]
