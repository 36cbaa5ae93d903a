"""What Tessaly does for us: the helpline in the evening and at weekends."""

from __future__ import annotations

from tracker.demo.shapes_of_actions import ActionPlan as A
from tracker.demo.shapes_of_actions import DoneStep as S

ACTIONS = (
    A(
        "identity-once",
        "Hand over what the caller proved already",
        "tessaly",
        45,
        -6,
        "A caller who is passed on proves who they are four times.",
        ("No second question after a transfer",),
        steps=(S("acknowledgement", 43), S("start", 30), S("progress", 9, "Half of the desks have it.", share=50)),
    ),
    A(
        "my-language",
        "Staff the Persian and Polish lines until ten",
        "samuel",
        28,
        -2,
        "Those who need us most ring in the evening, in the language of their kitchen.",
        ("Two people a night in each language",),
        steps=(S("acknowledgement", 24),),
    ),
    A(
        "evening-desk",
        "Answer from the same pages as our own desk",
        "tessaly",
        70,
        30,
        "The morning and the evening told people different things about the same bill.",
        ("The old pages are gone", "Ten calls listened to together"),
        steps=(
            S("acknowledgement", 69),
            S("start", 60),
            S("submission", 33, "The old pages are switched off."),
            S("return", 31, "The calls were not listened to together yet."),
            S("submission", 18, "Listened on the ninth, with notes."),
            S("acceptance", 16),
        ),
    ),
    A(
        "tell-us-once",
        "Train the evening desk to close an account after a death",
        "noor",
        9,
        -20,
        "The worst call of a year should be made once.",
        ("All of the desk trained", "A quiet line of their own"),
    ),
)  # fmt: skip
