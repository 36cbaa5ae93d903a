"""What this process counts of its own work, and how it is written for Prometheus (text format 0.0.4).

Every process counts for itself. With several workers each sample that is bound to a process carries `worker`, its process
id: a question reaches one of them, so sum over the label, or ask often enough to meet all.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)  # seconds
TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[tuple[str, str], ...]


@dataclass
class Sample:
    """One measure: its name, kind (counter, gauge, histogram), help, and its values by labels."""

    name: str
    kind: str
    help: str
    values: list[tuple[str, Labels, float]] = field(default_factory=list)  # suffix, labels, value

    def add(self, value: float, suffix: str = "", **labels: str) -> Sample:
        """Add one value and return the sample."""
        self.values.append((suffix, tuple(labels.items()), value))
        return self


class Counts:
    """The counters of a process; safe to use from all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self.requests: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.times: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * (len(BUCKETS) + 2))
        self.refused: defaultdict[str, int] = defaultdict(int)
        self.waited, self.waited_seconds = 0, 0.0
        self.sweeps: dict[str, tuple[float, int]] = {}
        self.failed_sweeps: defaultdict[str, int] = defaultdict(int)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer and how long it took."""
        with self._lock:
            self.requests[method, route, f"{status // 100}xx"] += 1
            times = self.times[method]
            times[bisect_left(BUCKETS, seconds)] += 1
            times[-1] += seconds

    def refusal(self, why: str) -> None:
        """Count an answer of 503, by its cause."""
        with self._lock:
            self.refused[why] += 1

    def wait(self, seconds: float) -> None:
        """Count a write that waited for its turn among the writers of this process."""
        with self._lock:
            self.waited += 1
            self.waited_seconds += seconds

    def sweep(self, name: str, at: float, done: int) -> None:
        """Note that a sweep came to its end at `at` (seconds since 1970)."""
        with self._lock:
            self.sweeps[name] = at, self.sweeps.get(name, (0, 0))[1] + done

    def failed_sweep(self, name: str) -> None:
        """Count a sweep that did not come to its end."""
        with self._lock:
            self.failed_sweeps[name] += 1

    def samples(self) -> Iterator[Sample]:
        """Everything that was counted so far."""
        with self._lock:
            yield from self._samples()

    def _samples(self) -> Iterator[Sample]:
        asked = Sample("tracker_requests_total", "counter", "Answers by route and class of status.")
        for (method, route, status), count in sorted(self.requests.items()):
            asked.add(count, method=method, route=route, status=status)
        yield asked
        times = Sample("tracker_request_seconds", "histogram", "Seconds until an answer was ready.")
        for method, found in sorted(self.times.items()):
            total = 0.0
            for edge, count in zip((*map(str, BUCKETS), "+Inf"), found[:-1], strict=True):
                total += count
                times.add(total, "_bucket", method=method, le=edge)
            times.add(found[-1], "_sum", method=method).add(total, "_count", method=method)
        yield times
        refused = Sample("tracker_refused_total", "counter", "Answers of 503 by their cause.")
        for why, count in sorted(self.refused.items()):
            refused.add(count, why=why)
        yield refused
        words = "Writes that waited for their turn among those of this process."
        yield Sample("tracker_writes_waited_total", "counter", words).add(self.waited)
        words = "Seconds that they waited, all in all."
        yield Sample("tracker_writes_waited_seconds_total", "counter", words).add(
            self.waited_seconds
        )
        ended = Sample("tracker_sweep_success_seconds", "gauge", "When each sweep last ended well.")
        items = Sample("tracker_sweep_items_total", "counter", "What the sweeps did.")
        for name, (at, done) in sorted(self.sweeps.items()):
            ended.add(at, sweep=name)
            items.add(done, sweep=name)
        failed = Sample("tracker_sweep_failures_total", "counter", "Sweeps that did not end well.")
        for name, count in sorted(self.failed_sweeps.items()):
            failed.add(count, sweep=name)
        yield from (ended, items, failed)


counts = Counts()


def written(samples: Iterable[Sample], worker: str = "") -> str:
    """Return the samples as Prometheus reads them, with the label `worker` where one is given."""
    lines: list[str] = []
    for sample in samples:
        if not sample.values:
            continue
        lines += [f"# HELP {sample.name} {sample.help}", f"# TYPE {sample.name} {sample.kind}"]
        for suffix, labels, value in sample.values:
            named = (*labels, ("worker", worker)) if worker else labels
            shown = ",".join(f'{name}="{_escaped(text)}"' for name, text in named)
            lines.append(f"{sample.name}{suffix}{{{shown}}} {value:.10g}".replace("{}", ""))
    return "\n".join([*lines, ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
