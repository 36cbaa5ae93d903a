"""What the printers and the makers of the billing system do for us."""

from __future__ import annotations

from tracker.demo.shapes_of_actions import ActionPlan as A
from tracker.demo.shapes_of_actions import DoneStep as S

ACTIONS = (
    A(
        "one-envelope",
        "Put five letters into one envelope",
        "pagemill",
        50,
        10,
        "Five letters in a month look like five bills.",
        ("One envelope a month for nine homes out of ten",),
        steps=(
            S("acknowledgement", 46),
            S("date", 40, "The new folding line comes a month later.", to=-15),
            S("date-acceptance", 38),
            S("start", 30),
            S("progress", 8, "The line is up; trial on the second.", share=70),
        ),
    ),
    A(
        "estimates",
        "Print the word “estimate” beside the figure",
        "pagemill",
        80,
        35,
        "People pay a guess and learn later that it was one.",
        ("The word stands beside the figure on every proof",),
        steps=(S("acknowledgement", 79), S("start", 70), S("submission", 40), S("acceptance", 37)),
    ),
    A(
        "refund-five-days",
        "Release refunds without the weekly run",
        "orrery",
        66,
        -12,
        "It is the customer's money, and it waits for our Friday.",
        ("A refund leaves on the day it is agreed",),
        steps=(S("acknowledgement", 60), S("start", 41)),
    ),
)  # fmt: skip
