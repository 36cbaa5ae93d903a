"""Names that a file writes all in capitals are read in Title Case (`tidy.calm`), and that is said."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.importing.notes import Note, sentence
from tracker.importing.tidy import acronyms_in, is_shouted, tidy_name
from tracker.importing.words import shortened
from tracker.wording import ngettext


def calmed_in(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Return each name of a column that is read otherwise because it is all in capitals, with how it is read."""
    acronyms = acronyms_in(cells)
    shouted = (
        name for name in dict.fromkeys(" ".join(cell.split()) for cell in cells) if is_shouted(name)
    )
    return [(name, read) for name in shouted if (read := tidy_name(name, acronyms)) != name]


def how_calmed(columns: dict[str, list[tuple[str, str]]]) -> list[Note]:
    """Return a note of each column (by its heading) with such names: how many, and one of them."""
    return [
        Note("calmed", {"column": column, "count": len(names), "before": names[0][0], "after": names[0][1]})
        for column, names in columns.items()
    ]  # fmt: skip


@sentence("calmed")
def _calmed(column: str, count: int, before: str, after: str) -> str:
    return ngettext(
        "%(num)s name in “%(column)s” is all in capitals and is not shouted here: “%(before)s” is read as “%(after)s”.",
        "%(num)s names in “%(column)s” are all in capitals and are not shouted here: “%(before)s” is read as “%(after)s”.",
        count,
        column=shortened(column),
        before=shortened(before),
        after=shortened(after),
    )
