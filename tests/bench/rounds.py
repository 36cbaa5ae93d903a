"""Rounds: every figure is a ratio of two shots of the same round, and each round goes the other way about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.bench.client import Shot
from tests.bench.figures import NOISY, Report, spread


@dataclass(frozen=True)
class Pace:
    """How long it takes: rounds, seconds of a shot, and of the warm-up before them."""

    rounds: int = 7
    seconds: int = 3  # wrk counts whole ones
    warm_up: int = 2


QUICK = Pace(rounds=3, seconds=1, warm_up=1)
Shooter = Callable[[int], Shot]


def compare(
    shooters: dict[str, Shooter], ratios: dict[str, tuple[str, str]], pace: Pace, report: Report, *,
    bounds: Mapping[str, str] | None = None, **more: str,
) -> None:  # fmt: skip
    """Shoot in rounds and report each of `ratios`: figure -> (what is measured, its yardstick).

    `bounds` names the bound of a figure that has another one on each database. If a figure's rounds lie too far apart,
    all are measured once more; then it is said to be noisy.
    """
    for shooter in shooters.values():
        shooter(pace.warm_up)
    found = _rounds(shooters, pace, report)
    values = {figure: _ratios(found, pair) for figure, pair in ratios.items()}
    if any(not each or spread(each) > NOISY for each in values.values()):
        found = _rounds(shooters, pace, report)
        again = {figure: _ratios(found, pair) for figure, pair in ratios.items()}
        values = {
            figure: each if each and spread(each) <= NOISY else again[figure]
            for figure, each in values.items()
        }
    for figure, each in values.items():
        if each:
            report.ratio(figure, each, bound=(bounds or {}).get(figure), **more)
        else:
            bound = (bounds or {}).get(figure)
            report.say(figure, 0.0, bound=bound, fault="no round counted", **more)


def _rounds(shooters: dict[str, Shooter], pace: Pace, report: Report) -> list[dict[str, float]]:
    rounds = []
    order = list(shooters)
    for number in range(pace.rounds):
        rates: dict[str, float] = {}
        for name in order if number % 2 == 0 else reversed(order):
            shot = shooters[name](pace.seconds)
            if shot.fault:
                report.note(round=number + 1, void=name, fault=shot.fault)
            else:
                rates[name] = shot.rate
        rounds.append(rates)
    return rounds


def _ratios(rounds: list[dict[str, float]], pair: tuple[str, str]) -> list[float]:
    measured, yardstick = pair
    return [each[measured] / each[yardstick] for each in rounds if {*pair} <= each.keys()]
