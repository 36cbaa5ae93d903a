"""How leads put their question when they ask the sponsor to open the next stage."""

from __future__ import annotations

from tracker.initiatives.stages import Stage

QUESTIONS = {
    Stage.designing: (
        (
            "We have heard enough customers to know what goes wrong, and the right people have said "
            "yes to the work. May we begin to design?"
        ),
        (
            "The friction is clear and each unit has named somebody. We would like four quiet weeks "
            "to design."
        ),
        "Everyone agrees what hurts and nobody agrees why. Let us find out with them.",
        "The team is whole since this week. May we start?",
    ),
    Stage.piloting: (
        (
            "The design has been tried on paper with customers and with the people who will do the "
            "work. We would like to try it for real, small, with a date to look back."
        ),
        "We have found what we could find at a desk. The rest shows only with real customers.",
        "It works in the test room. May we let it meet a Monday morning?",
        "The people who would run the pilot asked for it themselves. May we?",
    ),
    Stage.rolling_out: (
        (
            "The pilot did what we hoped, and what it did not do we know by now. May we go further, "
            "place by place?"
        ),
        "The pilot has run long enough to have had a bad week. It held. Please open the next step.",
        "The places without it ask when they will get it. May we tell them?",
    ),
    Stage.proving: (
        "It runs everywhere it was meant to run. Now we would like to show that it lasts.",
        "The last place has it. Please let us stop building and start counting.",
    ),
    Stage.realised: (
        (
            "The figures have stood still where we wanted them for long enough. Here is what came of "
            "it, the good and the rest."
        ),
    ),
}


def question(stage: Stage, turn: int) -> str:
    """The words for opening `stage`; `turn` chooses, so that leads do not all sound alike."""
    ways = QUESTIONS[stage]
    return ways[turn % len(ways)]
