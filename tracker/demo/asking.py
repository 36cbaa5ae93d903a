"""What leads say when they ask the sponsor to open the next stage."""

from __future__ import annotations

from tracker.demo.shapes_of_requests import SaysPlan, WantedPlan
from tracker.initiatives.stages import Stage

QUESTIONS = {
    Stage.designing: (
        "May we begin to design?",
        "Four quiet weeks to design: may we have them?",
        "Everyone agrees what hurts and nobody agrees why. May we find out with them?",
        "The team is whole since this week. May we start?",
    ),
    Stage.piloting: (
        "Shall we try it for real, small, with a date to look back?",
        "The rest shows only with real customers. May we pilot?",
        "It works in the test room. May we let it meet a Monday morning?",
        "The people who would run the pilot asked for it themselves. May we?",
    ),
    Stage.rolling_out: (
        "The pilot did what we hoped. May we go further, place by place?",
        "The pilot has had a bad week, and it held. Shall we take the next step?",
        "The places without it ask when they will get it. May we tell them?",
    ),
    Stage.proving: (
        "It runs everywhere it was meant to run. Shall we show that it lasts?",
        "The last place has it. May we stop building and start counting?",
    ),
    Stage.realised: ("The figures have stood still where we wanted them. Is it done?",),
}
GAINS = {
    Stage.designing: "Customers and the people who do the work say together what would help.",
    Stage.piloting: "Real customers in one place have it, and we learn what a desk does not show.",
    Stage.rolling_out: "What the pilot gave some customers, all of them get.",
    Stage.proving: "We see whether it lasts, and stop paying for building it.",
    Stage.realised: "The people are free for the next friction, and the lesson is written down.",
}
WAITS = {
    Stage.designing: "The people who said yes are given other work.",
    Stage.piloting: "The quiet months pass, and the next ones come in a year.",
    Stage.rolling_out: "Two ways of working go on side by side, and each needs its own help desk.",
    Stage.proving: "Nobody looks at the figures, and the old way creeps back.",
    Stage.realised: "The team keeps meeting about something that works.",
}
RISKS = {
    Stage.designing: "Nobody from IT platforms is free before the end of the month.",
    Stage.piloting: "One bad week at the start could tell us more about the week than about the change.",
    Stage.rolling_out: "The last places have fewer people, and holidays lie ahead.",
    Stage.proving: "A second cause may move the same figure.",
    Stage.realised: "It rests on two people who know how it works.",
}
COSTS = {
    Stage.designing: "Four people, one day a week",
    Stage.piloting: "The time of those who take part, six weeks",
    Stage.rolling_out: "Training for every place, half a day each",
    Stage.proving: "An hour a month to count",
    Stage.realised: "Nothing more",
}

# What a sponsor asked for with a yes, by initiative and stage.
CONDITIONS = {
    ("text-first", "piloting"): WantedPlan(
        "Agree with the control room who sends the text at night."
    )
}


def asked(stage: Stage, turn: int) -> SaysPlan:
    """What is said for opening `stage`; `turn` chooses the question, so that leads do not all sound alike."""
    ways = QUESTIONS[stage]
    return SaysPlan(ways[turn % len(ways)], COSTS[stage], GAINS[stage], WAITS[stage], RISKS[stage])
