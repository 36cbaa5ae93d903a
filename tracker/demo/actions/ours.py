"""What our own people do."""

from __future__ import annotations

from tracker.demo.shapes_of_actions import ActionPlan as A
from tracker.demo.shapes_of_actions import DoneStep as S

ACTIONS = (
    A(
        "identity-once",
        "Listen to twenty calls that were passed on",
        "aisling",
        20,
        -3,
        "We count transfers and never hear them.",
        steps=(S("acknowledgement", 19), S("progress", 4, "Twelve so far.", share=60)),
    ),
    A(
        "evening-desk",
        "Write the page about prepayment in plain words",
        "nadia",
        16,
        2,
        "It is the page that both desks read aloud.",
        ("Read by two people who do not work here",),
        steps=(S("start", 12),),
    ),
    A(
        "moving-house",
        "Try moving house as a customer would, with a stopwatch",
        "aisling",
        44,
        25,
        steps=(S("start", 40), S("completion", 27, "Forty-one minutes, three log-ins.")),
    ),
    A(
        "text-first",
        "Agree with Rules what a text may say",
        "aisling",
        8,
        -14,
        "A text that may say nothing helps nobody.",
        ("Six texts agreed in writing",),
    ),
)  # fmt: skip
