"""The board by age: one column a stage, one mark an initiative, the usual age as a band."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from tracker.boards.cards import Card
from tracker.boards.layout import Column, Layout
from tracker.charts import AgeColumn, AgeMark, laid_out
from tracker.initiatives.reporting import colour_mark, colour_name
from tracker.wording import ngettext, number


def ageing_columns(layout: Layout) -> list[AgeColumn]:
    """Return the open columns with one mark a card, laid out for the chart. Ages are working days in the stage."""
    return laid_out(_column(column, layout) for column in layout.open_columns)


def _column(column: Column, layout: Layout) -> AgeColumn:
    there = {card.id: card for lane in layout.lanes for card in lane.cells.get(column.key, ())}
    if len(there) < column.count:
        note = ngettext(
            "the oldest %(shown)s of %(num)s",
            "the oldest %(shown)s of %(num)s",
            column.count,
            shown=number(len(there)),
        )
    else:
        note = ngettext("%(num)s here", "%(num)s here", column.count)
    if column.usual is None:
        said = _("%(stage)s: %(note)s", stage=column.name, note=note)
    else:
        said = _(
            "%(stage)s: %(note)s, most take under %(days)s working days",
            stage=column.name,
            note=note,
            days=number(column.usual),
        )
    return AgeColumn(
        word=column.name,
        note=note,
        said=said,
        usual=column.usual,
        marks=[_mark(card) for card in there.values()],
    )


def _mark(card: Card) -> AgeMark:
    word = colour_name(card.colour)
    said = _(
        "%(ref)s %(title)s, %(age)s working days in this stage, %(colour)s",
        ref=card.ref,
        title=card.title,
        age=number(card.age),
        colour=word,
    )
    url = url_for("initiatives.show", ref=card.ref)
    return AgeMark(
        name=f"{card.ref} {card.title}",
        said=said,
        url=url,
        age=card.age,
        colour=colour_mark(card.colour),
        word=word,
    )
