"""What a form says where a field has no words of its own: ours, in the reader's language, in place of the library's."""

from __future__ import annotations

from tracker.wording import lazy as _l

_CHOOSE = _l("Choose one from the list.")
_DAY = _l("Type a day such as 2026-11-27.")
_FIGURE = _l("Type a number in figures.")
_UNFIT = _l("This cannot be read here. Look at it again.")

WORDS = {
    "This field is required.": _l("Fill this in."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Choose from the list."),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from the list."),
    "Not a valid date value.": _DAY,
    "Not a valid datetime value.": _DAY,
    "Not a valid integer value.": _FIGURE,
    "Not a valid decimal value.": _FIGURE,
    "Not a valid float value.": _FIGURE,
}


class OwnWords:
    """What WTForms asks for a translation; whatever it may say that has no words of ours is said in the most general."""

    def gettext(self, string: str) -> str:
        """Return our words for a sentence of the library."""
        return str(WORDS.get(string, _UNFIT))

    def ngettext(self, singular: str, _plural: str, _n: int) -> str:
        """Return our words for a sentence of the library that counts."""
        return self.gettext(singular)
