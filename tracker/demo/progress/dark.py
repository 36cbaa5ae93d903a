"""Reports on *When the power goes*."""

from __future__ import annotations

from tracker.demo.shapes import AT_RISK, OFF_TRACK, ON_TRACK
from tracker.demo.shapes import UpdatePlan as U

UPDATES = {
    "text-first": (
        U(
            322,
            ON_TRACK,
            "A night in the control room. They know after ninety seconds; the "
            "helpline learns it from callers.",
            "A line from the alarm to a list of homes.",
        ),
        U(
            276,
            AT_RISK,
            "The list comes, with the addresses of the year before last.",
            "Use the billing addresses.",
            "One home in six would get another street's text.",
            "Current addresses in the network plan.",
        ),
        U(
            219,
            ON_TRACK,
            "Addresses are right for Skelby.",
            "Word the first text: no sorry, a time.",
        ),
        U(
            171,
            ON_TRACK,
            "'We know. Mill Lane to the bridge. More at 21:40.' Nobody asked for "
            "more words than that.",
            "Dry run at night.",
        ),
        U(131, ON_TRACK, "Three dry runs, six to eight minutes.", "Ask for the pilot."),
        U(
            104,
            ON_TRACK,
            "First real cut: text after seven minutes, calls down by half.",
            "The second text, which matters more.",
        ),
        U(
            77,
            AT_RISK,
            "Two cuts. The second text came late because a person must write it.",
            "Three sentences to choose from.",
            "'More at 21:40' was not kept, once.",
            "A duty rota for the second text.",
        ),
        U(
            48,
            ON_TRACK,
            "The rota stands. Five cuts, all second texts on time.",
            "Ask next day whether it helped.",
        ),
        U(
            22,
            ON_TRACK,
            "Nine in ten say it helped; one in ten had changed their number.",
            "Ask for numbers in the shops.",
        ),
        U(
            1,
            ON_TRACK,
            "300 new numbers from the shops in two weeks. A gale tested us on Sunday "
            "and we answered.",
            "A second ring, in Dunmoor.",
        ),
    ),
    "machines-first": (
        U(
            55,
            AT_RISK,
            "2,900 homes on the register. We rang 100: 24 had moved, died or recovered.",
            "Clean it before building on it.",
            "A quarter of the register is wrong.",
            "Someone to ring 2,800 homes, kindly.",
        ),
        U(
            18,
            OFF_TRACK,
            "Ringing has not begun: who may see the register is not settled.",
            "Wait for the answer and train ringers meanwhile.",
            "The next gale will come before the list is right.",
            "Solveig and Gustav to settle access this week.",
        ),
    ),
    "planned-date": (
        U(
            206,
            ON_TRACK,
            "A month with the planners. Dates move because permits come late, and "
            "permits come late because we ask late.",
            "Ask earlier.",
        ),
        U(
            159,
            ON_TRACK,
            "Asked twelve weeks ahead for a third of the jobs: all permits in time.",
            "The rest.",
        ),
        U(111, ON_TRACK, "Moved dates: 9 of 60, from 17 of 60.", "Ask shops and salons first."),
        U(
            74,
            ON_TRACK,
            "The salon on Quay Street chose its own day: Monday, when it is closed.",
            "A card for all of Quay Street.",
        ),
        U(
            16,
            ON_TRACK,
            "Moved dates: 5 of 60, each with a name, a reason and a telephone call.",
            "Ask for the pilot in two districts.",
        ),
    ),
    "cut-map": (
        U(
            540,
            ON_TRACK,
            "A page of nine kilobytes that opens on a telephone from ten years ago.",
            "Show it to people in the dark.",
        ),
        U(
            462,
            AT_RISK,
            "Twenty people, lights off, page open. They looked, and then rang anyway.",
            "Ask what they wanted.",
            "A map answers a question nobody asks.",
            "An honest hour with the sponsor.",
        ),
    ),
}
