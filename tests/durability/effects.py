"""What a form that was sent left behind: the whole of its effect once, or nothing at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from tests.durability.forms import Sent
from tests.durability.writers import ROWS
from tracker.activity.models import EVENTS
from tracker.blockers.models import Blocker
from tracker.db import db
from tracker.importing.models import ImportRun
from tracker.initiatives.models import Initiative
from tracker.organisation.submissions import Submission

# By kind of form: the events that it leaves, and how many.
LEAVES = {
    "bring": {},
    "import": {"initiative.imported": ROWS, "initiative.changed": ROWS},  # one or the other
    "create": {"initiative.friction_changed": 1},
    "held": {"stage.held": 1},
    "resumed": {"stage.resumed": 1},
    "stepped_back": {"stage.stepped_back": 1},
    "asked": {"stage.asked": 1, "approval.drafted": 1, "approval.submitted": 1},
    "opened": {},  # no words of its own; see `whole._decisions`
    "edit": {"initiative.changed": 1},
    "raise": {"blocker.raised": 1},
    "promise": {"blocker.committed": 1},
    "bulk": {"initiative.theme_set": 3},
}


class Seen:
    """What stands in the present database after event number `since`, found by the words of the forms."""

    def __init__(self, since: int) -> None:
        self.events: Counter[tuple[str, str]] = Counter()
        new = select(EVENTS).where(EVENTS.c.number > since)
        refs = dict(db.session.execute(select(Blocker.id, Blocker.ref)).all())
        for event in db.session.execute(new).mappings():
            for word in set(_words(event)):
                self.events[event["kind"], word] += 1
            if event["kind"] == "blocker.committed":
                path = f"/blockers/{refs.get(event['subject_id'])}/promise"
                self.events["blocker.committed", path] += 1
        self.keys = set(db.session.scalars(select(Submission.key)))
        self.titles = {title.split()[0] for title in db.session.scalars(select(Initiative.title))}
        self.applied = set(
            db.session.scalars(select(ImportRun.id).where(ImportRun.applied_at.is_not(None)))
        )

    def of(self, form: Sent) -> str:
        """Return "whole", "nothing", or in words what is half done or done twice."""
        there = [form.once in self.keys]
        if form.kind == "import":
            there.append(int(form.path.split("/")[2]) in self.applied)
        found = {kind: self.events[kind, form.word] for kind in LEAVES[form.kind]}
        if form.kind == "import":
            found = {"rows": sum(found.values())}
        if form.kind == "promise":
            found = {}  # a day is no word of its own; see `promises`
        wanted = [ROWS] if form.kind == "import" else LEAVES[form.kind].values()
        there += [count == right for count, right in zip(found.values(), wanted, strict=False)]
        if form.kind == "create":
            there.append(form.word in self.titles)
        if all(there):
            return "whole"
        if not any(there) and not any(found.values()):
            return "nothing"
        return f"{form.kind} {form.word} is half done: key kept {there[0]}, events {found}"

    def promises(self, forms: Iterable[Sent]) -> Iterator[str]:
        """Every promise whose key is kept left one event, and none came without."""
        kept = Counter(f.path for f in forms if f.kind == "promise" and f.once in self.keys)
        told = Counter({k[1]: n for k, n in self.events.items() if k[1].startswith("/blockers/")})
        for path in kept | told:
            if kept[path] != told[path]:
                yield f"{path}: {kept[path]} promises are kept, the trail tells of {told[path]}"


def _words(event: Any) -> Iterator[str]:
    private = event["private"] or {}
    new = private.get("now") or {}
    title = new.get("title") or private.get("title") or ""
    yield private.get("words") or new.get("words") or ""
    yield title.split()[0] if title else ""
    yield (event["after"] or {}).get("theme") or ""
