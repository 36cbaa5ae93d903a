"""What Kitewright does for us: meters and home visits."""

from __future__ import annotations

from tracker.demo.shapes_of_actions import ActionPlan as A
from tracker.demo.shapes_of_actions import DoneStep as S
from tracker.demo.shapes_of_actions import Said, Shown, Stop

ACTIONS = (
    A(
        "two-hours",
        "Send the fitter's name the evening before",
        "kitewright",
        40,
        3,
        "People open the door to a name, not to a uniform.",
        ("The name is in the text by 18:00", "A changed name is sent again"),
        steps=(
            S("acknowledgement", 38),
            S("start", 30),
            S("progress", 12, "Skelby sends names since Monday; the islands follow.", share=60),
        ),
        talk=(
            Said("min", 10, "What about fitters who swap a shift at noon? **That** is when the wrong name goes out.", shared=True),
            Said(
                "rosa",
                9,
                "A swap is entered by four. We text at six, so:\n\n- swaps before four are right\n- later ones get a second text",
                shared=True,
            ),
            Said("nadia", 8, "Let us not accept this before the islands do it too. @Zhou Min"),
        ),
    ),
    A(
        "two-hours",
        "Offer evening windows in Dunmoor",
        "rosa",
        12,
        -4,
        "Whoever works by day takes a day off for us.",
        ("Windows until 20:00 on two evenings a week",),
        steps=(S("acknowledgement", 11), S("start", 6)),
        stops=(
            Stop(
                8,
                "Your planner closes at five",
                "Evening windows cannot be booked at all",
                "tooling",
                acknowledged=7,
                resolved=2,
                done="The planner stays open until nine.",
            ),
        ),
    ),
    A(
        "one-visit-swap",
        "Carry the three aerials that fit every cupboard",
        "bahram",
        60,
        20,
        "A third of the second visits were for an aerial that was in the depot.",
        ("Each van carries all three", "The list of parts names them"),
        steps=(
            S("acknowledgement", 57),
            S("start", 50),
            S("submission", 26, "All vans carry them since the first."),
            S("return", 22, "The vans on the islands do not. Two customers there were sent away last week."),
            S("submission", 5, "The island vans are done as well."),
        ),
        evidence=(Shown(6, "Photographs of the island vans", "https://kitewright.example.org/vans"),),
    ),
    A(
        "one-visit-swap",
        "Photograph the cupboard before the first visit",
        "kitewright",
        5,
        -9,
        "What is known beforehand needs no second visit.",
        ("A photograph with four out of five bookings",),
    ),
    A(
        "know-my-house",
        "Read the notes about the house on the way",
        "kitewright",
        34,
        -18,
        "Nobody should have to say three times that they cannot climb stairs.",
        ("The notes are on the fitter's screen", "Reading them is confirmed"),
        steps=(
            S("acknowledgement", 33),
            S("start", 20),
            S("date", 4, "The new screens come two weeks late.", to=-32),
        ),
        stops=(
            Stop(
                9,
                "Our fitters have no sign-in for your notes about the house",
                "They ring the bell and ask what was told twice already",
                "tooling",
                acknowledged=8,
                committed=6,
                promised=-5,
            ),
        ),
    ),
    A(
        "sunday-topup",
        "Have one fitter on call on Sunday evenings",
        "kitewright",
        90,
        45,
        "A home without power on Sunday waits until Monday.",
        ("Somebody answers within the hour",),
        steps=(
            S("acknowledgement", 88),
            S("start", 80),
            S("submission", 49, "Rota signed until spring."),
            S("acceptance", 46, "Thank you: it held on both Sundays."),
        ),
    ),
    A(
        "missed-visit",
        "Report every missed window the same day",
        "kitewright",
        160,
        120,
        "The customer is paid by the next morning only if we know by evening.",
        ("A list by 19:00 on every working day",),
        steps=(
            S("acknowledgement", 159),
            S("start", 150),
            S("submission", 122),
            S("acceptance", 118),
        ),
    ),
)  # fmt: skip
