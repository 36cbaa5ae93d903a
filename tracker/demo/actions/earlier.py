"""What partners did for us in the year before: small works, one after another, in time or late, at once or after a return."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.demo.shapes_of_actions import ActionPlan as A
from tracker.demo.shapes_of_actions import DoneStep as S

LONGEST = 24  # days that one of them takes, from the first word to the last


@dataclass(frozen=True)
class _Round:
    """Works of one kind, `every` so many days, the newest `first` days ago, in each of some places."""

    who: str
    initiatives: tuple[tuple[str, int], ...]  # with how many days ago each had begun
    works: tuple[str, ...]
    places: tuple[str, ...]
    why: str
    criteria: str
    first: int
    every: int
    count: int
    good: int  # of ten, how many are in time
    quick: int  # days to acknowledge, at the least


ROUNDS = (
    _Round(
        "kitewright",
        (("two-hours", 560), ("two-hours", 560), ("one-visit-swap", 410)),
        ("Exchange the meters of %s", "Walk the cupboards of %s", "Text every home in %s the evening before"),
        ("Harbour Street", "the Old Quay", "Upper Dunmoor", "Lower Dunmoor", "the islands", "Skelby Common", "Mill Lane"),
        "Nobody takes a second day off for one meter.",
        "Each home is done, or has a new date",
        30, 12, 34, 7, 1,
    ),
    _Round(
        "tessaly",
        (("identity-once", 560), ("my-language", 330), ("identity-once", 560)),
        ("Listen to ten evening calls about %s", "Write down what callers ask about %s", "Train the late shift on %s"),
        ("moving house", "a refund", "prepayment", "a meter reading", "a power cut", "the final bill"),
        "The evening tells people what the morning told them.",
        "Two of our own listened along",
        33, 16, 26, 8, 2,
    ),
    _Round(
        "pagemill",
        (("estimates", 500), ("one-envelope", 290)),
        ("Proof the letter about %s", "Print %s in braille"),
        ("the new price", "the yearly statement", "a missed payment"),
        "A letter is read once, at the kitchen table.",
        "Read aloud to somebody who does not work here",
        40, 45, 9, 6, 1,
    ),
    _Round(
        "orrery",
        (("estimates", 500), ("plan-in-one-call", 560)),
        ("Put right how the system rounds %s", "Let the desk see %s"),
        ("a final bill", "a payment plan", "an estimate"),
        "What the desk cannot see, the customer has to explain.",
        "Shown to the desk, and tried there for a week",
        52, 60, 7, 4, 4,
    ),
)  # fmt: skip


def _works(of: _Round) -> tuple[A, ...]:
    found = []
    for n in range(of.count):
        ended, (initiative, begun) = (
            of.first + n * of.every,
            of.initiatives[n % len(of.initiatives)],
        )
        added = ended + LONGEST
        if added <= begun:
            found.append(_work(of, n, initiative, added))
    return tuple(found)


def _work(of: _Round, n: int, initiative: str, added: int) -> A:
    in_time, back = n * 7 % 10 < of.good, n * 3 % 10 < 2
    acknowledged = added - of.quick - n % 3
    handed_in = added - 12
    steps = [S("acknowledgement", acknowledged), S("start", acknowledged - 1)]
    if n % 8 == 5:  # a due date that moved
        steps += [
            S("date", added - 7, "Two of us are ill.", to=handed_in - 10),
            S("date-acceptance", added - 8),
        ]
    steps.append(S("submission", handed_in, "Done, with the list."))
    if back:
        steps += [
            S("return", handed_in - 3, "Three are missing from the list."),
            S("submission", handed_in - 6, "All of them now."),
        ]
    steps.append(S("acceptance", handed_in - (8 if back else 2 + n % 4)))
    work, place = of.works[n % len(of.works)], of.places[n % len(of.places)]
    return A(
        initiative,
        work % place,
        of.who,
        added,
        handed_in - 3 if in_time else handed_in + 4,
        of.why,
        (of.criteria,),
        steps=tuple(steps),
    )


ACTIONS = tuple(plan for of in ROUNDS for plan in _works(of))
