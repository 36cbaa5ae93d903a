"""A chart in words: what the newest reading says, what it stands out by, and whether the target will be reached."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from tracker.kpis.xmr import (
    ENOUGH,
    SETTLED,
    Assurance,
    Limits,
    Signal,
    Stretch,
    Variation,
)
from tracker.wording import ngettext, number, percent

MARKS = {Variation.improvement: "ok", Variation.concern: "bad", Variation.common: "none"}


def value_told(value: float | None, kpi: Any) -> str:
    """Return a value with its unit of measure, in the digits of whoever looks; `kpi` has `places` and `measure`."""
    if value is None:
        return "–"
    if kpi.measure == "%":
        return percent(value / 100, kpi.places)
    figure = number(round(value, kpi.places) + 0.0, kpi.places)
    return (
        _("%(figure)s %(measure)s", figure=figure, measure=kpi.measure) if kpi.measure else figure
    )


def variation_name(variation: Variation | str | None, count: int = ENOUGH) -> str:
    """Return the words of the icon; `count` readings since the series began."""
    if variation is None:
        return _("Too few to say") if count < ENOUGH else _("Nothing moves")
    names = {
        Variation.improvement: _("Getting better"),
        Variation.concern: _("Getting worse"),
        Variation.common: _("No real change"),
    }
    return names[Variation(variation)]


def assurance_name(assurance: Assurance) -> str:
    """Return the words of an assurance, as they stand beside a target."""
    names = {
        Assurance.passes: _("Reaches its target each time"),
        Assurance.fails: _("Misses its target each time"),
        Assurance.hit_or_miss: _("Hit or miss"),
    }
    return names[assurance]


def signal_name(signal: Signal) -> str:
    """Return what a reading stands out by."""
    names = {
        Signal.outside: _("Outside the limits"),
        Signal.run: _("One of seven or more in a row on one side of the mean"),
        Signal.trend: _("One of seven or more in a row that only rise or only fall"),
        Signal.near: _("One of two in three close to the same limit"),
    }
    return names[signal]


def signals_named(signals: frozenset[Signal]) -> list[str]:
    """Return what a reading stands out by, always in the same order."""
    return [signal_name(one) for one in Signal if one in signals]


def said(stretch: Stretch | None, variation: Variation | None, kpi: Any) -> list[str]:
    """Return what the chart says of the newest stretch, sentence by sentence."""
    if stretch is None:
        return [_("Nothing was measured yet.")]
    limits, count = stretch.limits, len(stretch.points)
    if limits is None:
        return [
            ngettext(
                "There is %(num)s reading since the series began.",
                "There are %(num)s readings since the series began.",
                count,
            ),
            _(
                "Limits are drawn from %(enough)s on; until then a rise or a fall says nothing.",
                enough=number(ENOUGH),
            ),
        ]
    if limits.flat:
        return [
            _(
                "Apart from single jumps nothing moves here, so the limits lie on the mean and nothing can stand out."
            )
        ]
    words = [_newest(variation, limits, kpi), *signals_of(stretch)]
    if limits.provisional:
        words.append(
            _(
                "The limits are provisional until there are %(settled)s readings.",
                settled=number(SETTLED),
            )
        )
    return words


def _newest(variation: Variation | None, limits: Limits, kpi: Any) -> str:
    if variation == Variation.improvement:
        return _("The newest reading is a real change for the better.")
    if variation == Variation.concern:
        return _("The newest reading is a real change for the worse.")
    return _(
        "The newest reading is what this KPI varies by anyway: between %(lower)s and %(upper)s.",
        lower=value_told(limits.lower, kpi),
        upper=value_told(limits.upper, kpi),
    )


def signals_of(stretch: Stretch) -> list[str]:
    """Return why the newest reading stands out, as sentences."""
    sentences = {
        Signal.outside: _("It lies outside the limits."),
        Signal.run: _("It is one of seven or more in a row on the same side of the mean."),
        Signal.trend: _("It is one of seven or more in a row that only rise or only fall."),
        Signal.near: _("It is one of two in three close to the same limit."),
    }
    return [words for signal, words in sentences.items() if signal in stretch.newest_signals]


def assured(assurance: Assurance | None, target: str) -> str:
    """Return whether the target will be reached, as a sentence; empty where nothing can be said."""
    if assurance is None:
        return ""
    sentences = {
        Assurance.passes: _("As it runs it will reach the target of %(target)s every time.", target=target),
        Assurance.fails: _(
            "As it runs it will miss the target of %(target)s every time; something has to change.", target=target
        ),
        Assurance.hit_or_miss: _("As it runs it will reach the target of %(target)s now and then, by chance.", target=target),
    }  # fmt: skip
    return sentences[assurance]
