"""The KPIs are set up and read month by month, by whoever owns each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracker.demo.founding import FOUNDED
from tracker.demo.kpis import KPIS
from tracker.demo.kpis.shapes import Figure, KpiPlan, SeriesPlan
from tracker.demo.story import Story
from tracker.kpis.measures import Cadence, Good, Layer, period_end, previous_end
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.kpis.targets import Benchmark, Target

SET_UP = FOUNDED - 8  # days ago: everybody is there
LATER = 6  # days after the end of a period, until its reading is entered
SLIPPED = 3  # days after which a slip is seen


def measure(story: Story) -> None:
    """Put the KPIs, their readings, targets and comparisons on the timetable."""
    on = story.timetable.on
    for plan in KPIS:
        on(SET_UP, lambda now, plan=plan: _add(story, plan, now))
        on(SET_UP - 1, lambda now, plan=plan: _aim(story, plan, now))
        for ago, value, source in plan.others:
            on(ago, lambda now, plan=plan, value=value, source=source: _compare(story, plan, value, source, now))  # fmt: skip
        for series in plan.series:
            _read(story, plan, series)
    on(1, lambda _now: restand(list(story.kpis.values())))


def _add(story: Story, plan: KpiPlan, now: datetime) -> None:
    story.kpis[plan.code] = Kpi.add(
        code=plan.code, name=plan.name, definition=plan.definition, formula=plan.formula, origin=plan.origin, source=plan.source,
        measure=plan.measure, by_parts=plan.by_parts, factor=plan.factor, places=plan.places, good=Good(plan.good),
        scale_low=plan.scale[0], scale_high=plan.scale[1], layer=Layer(plan.layer), cadence=Cadence(plan.cadence),
        parent_id=story.kpis[plan.parent].id if plan.parent else None, unit_id=story.units[plan.unit].id if plan.unit else None,
        owner_id=story.people[plan.owner].id, alert_low=plan.alerts[0], alert_high=plan.alerts[1], by=story.people["nadia"], now=now,
    )  # fmt: skip


def _aim(story: Story, plan: KpiPlan, now: datetime) -> None:
    for ahead, value in plan.targets:
        day = story.timetable.today + timedelta(days=ahead)
        Target.put(story.kpis[plan.code], day=day, value=value, by=story.people["nadia"], now=now)


def _compare(story: Story, plan: KpiPlan, value: float, source: str, now: datetime) -> None:
    Benchmark.add(
        story.kpis[plan.code], day=now.date(), value=value, source=source, by=story.people[plan.owner], now=now
    )  # fmt: skip


def _read(story: Story, plan: KpiPlan, series: SeriesPlan) -> None:
    ends = periods(story.timetable.today, Cadence(plan.cadence), len(series.figures) + series.ends)
    for place, end in enumerate(ends[: len(series.figures)]):
        entry = _Entry(story, plan, series, place, end)
        ago = (story.timetable.today - end).days - LATER
        story.timetable.on(ago, entry.enter)
        if place in series.slips:
            story.timetable.on(ago - SLIPPED, entry.correct)


def periods(today: date, cadence: Cadence, count: int) -> list[date]:
    """Return the last days of so many periods that are over, the newest of them long enough for its reading."""
    ends: list[date] = []
    end = period_end(today, cadence)
    while len(ends) < count:
        if (today - end).days > LATER + SLIPPED:
            ends.append(end)
        end = previous_end(end, cadence)
    return ends[::-1]


@dataclass
class _Entry:
    """One reading of a series, entered and maybe corrected."""

    story: Story
    plan: KpiPlan
    series: SeriesPlan
    place: int
    end: date
    reading: Reading | None = None

    @property
    def kpi(self) -> Kpi:
        return self.story.kpis[self.plan.code]

    def enter(self, now: datetime) -> None:
        """Enter what was read, or what was first taken for it."""
        series, place = self.series, self.place
        slipped = place in series.slips
        self.reading = Reading.add(
            self.kpi, day=self.end, unit_id=self.story.units[series.unit].id if series.unit else None, segment=series.segment,
            breaks=series.breaks.get(place, ""), note="" if slipped else series.notes.get(place, ""),
            by=self.story.people[self.plan.owner], now=now, **figures(series.slips.get(place, series.figures[place])),
        )  # fmt: skip

    def correct(self, now: datetime) -> None:
        """Enter what was really read."""
        if self.reading is not None:
            self.reading.correct(
                self.kpi, note=self.series.notes.get(self.place, ""), by=self.story.people[self.plan.owner], now=now,
                **figures(self.series.figures[self.place]),
            )  # fmt: skip


def figures(figure: Figure) -> dict[str, Any]:
    """Return what a verb takes of a figure."""
    if isinstance(figure, tuple):
        return {"numerator": float(figure[0]), "denominator": float(figure[1])}
    return {"value": None if figure is None else float(figure)}
