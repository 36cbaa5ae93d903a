"""Theme *Someone at my door*: meters, engineers and visits."""

from __future__ import annotations

from tracker.demo.company import DOOR
from tracker.demo.shapes import (
    AskPlan,
    FrictionPlan,
    InitiativePlan,
    SeatPlan,
    StageAskPlan,
    StepPlan,
)
from tracker.demo.shapes_of_requests import SaysPlan

INITIATIVES = (
    InitiativePlan(
        key="two-hours",
        title="A two-hour window and a name",
        theme=DOOR,
        lead_unit="MET",
        units=("SYS", "WEB", "HLP"),
        sponsor="gustav",
        lead="min",
        friction=FrictionPlan(
            words="Between eight and six, they said. I took a day off without pay, sat by the "
            "window like a dog, and at ten past six they texted that nobody was at home.",
            touchpoint="Engineer's visit",
            channel="home visit",
            cause="process",
            known="Day diaries of 31 customers; 4,700 complaints a year carry the word 'waited'.",
        ),
        charter="Two hours, a name and a photograph the evening before, and a message when the "
        "engineer sets out. For our own engineers and for Kitewright's.",
        processes="Visit planning",
        systems="Planning program, engineers' tablets, text messages",
        pilot_scope="Two depots",
        next_units="Dunmoor, Kitewright's islands",
        path=(
            StepPlan("framed", 571),
            StepPlan("designing", 540, "Go. Plan with the engineers who drive the routes."),
            StepPlan("piloting", 376, "Two depots, and no bonus for the number of doors."),
            StepPlan(
                "rolling_out",
                80,
                "Hit the window 93 times in a hundred. Depot by depot, Kitewright's islands last.",
            ),
        ),
        partners=("kitewright",),
        team=(
            SeatPlan("wei", "process_owner", "Plans the routes", share=60),
            SeatPlan("farid", "technology", "The message when the engineer sets out"),
            SeatPlan(
                "marguerite", "strategy_adviser", "Talks with the engineers' council", "consulted"
            ),
        ),
        budget=240_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="missed-visit",
        title="You missed me, you pay me, no form",
        theme=DOOR,
        lead_unit="MET",
        units=("BIL",),
        sponsor="gustav",
        lead="min",
        friction=FrictionPlan(
            words="To get thirty for the visit you missed I must fill in a form to say that you "
            "were not there. You know that you were not there.",
            touchpoint="Missed visit",
            channel="web",
            cause="policy",
            known="11,200 visits missed in a year, 1,900 forms sent in.",
        ),
        charter="A visit missed by us credits thirty to the account on the next working day and "
        "says sorry once.",
        processes="Visit records, credits",
        systems="Billing system",
        pilot_scope="One depot, one month",
        next_units="All depots",
        path=(
            StepPlan("framed", 702),
            StepPlan("designing", 668, "Go on."),
            StepPlan("piloting", 595, "One depot, for one month, with finance looking on."),
            StepPlan("rolling_out", 540, "All depots. The cost will teach us not to miss."),
            StepPlan("proving_benefit", 452, "Count missed visits as well as money."),
            StepPlan(
                "realised",
                66,
                "Partly: everyone is paid, and missed visits fell by a "
                "quarter, not by half. Lesson: paying hurts a budget, not a route plan.",
            ),
        ),
        partners=("kitewright",),
        team=(
            SeatPlan("wei", "cx_operations", "Marks a visit as missed the same day"),
            SeatPlan("lucia", "cx_operations", "Looks at every tenth credit", "consulted"),
        ),
        budget=31_000,
        cadence="quarterly",
    ),
    InitiativePlan(
        key="one-visit-swap",
        title="A new meter in one visit",
        theme=DOOR,
        lead_unit="MET",
        units=("SYS", "HLP"),
        sponsor="yuhua",
        lead="min",
        friction=FrictionPlan(
            words="The first man took the old one off the wall. The second had no SIM card. The "
            "third said the first should never have started. We had candles.",
            touchpoint="Meter exchange",
            channel="home visit",
            cause="partner",
            known="28 in a hundred exchanges need a second visit; parts and signal lead the list.",
        ),
        charter="Before the van leaves, we know the signal, the cupboard and the parts. If one is "
        "missing the visit is moved by us, the day before.",
        processes="Meter exchange",
        systems="Kitewright's stock list, signal map, meter gateway",
        pilot_scope="Skelby and two islands",
        path=(
            StepPlan("framed", 418),
            StepPlan("designing", 391, "Go. Ride along in ten vans before drawing anything."),
            StepPlan("piloting", 203, "Skelby and two islands. Stop the clock at three weeks."),
        ),
        partners=("kitewright",),
        team=(
            SeatPlan("wei", "process_owner", "The check before the van leaves", share=30),
            SeatPlan("emeka", "technology", "Signal map and commissioning messages", share=30),
            SeatPlan("aisling", "cx_operations", "Rings the day before", "consulted"),
        ),
        budget=158_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="know-my-house",
        title="Know about the stairs, the dog and the oxygen",
        theme=DOOR,
        lead_unit="MET",
        units=("HLP", "RSK"),
        sponsor="marguerite",
        lead="nadia",
        friction=FrictionPlan(
            words="I have told you five times that my husband is on oxygen. Each time a stranger "
            "switches us off and says nobody told him.",
            touchpoint="Engineer's visit",
            channel="home visit",
            cause="data",
            known="12 near misses in the safety book, and 60 customers who wrote 'again'.",
        ),
        charter="What a household has told us once stands on the engineer's screen, with consent, "
        "for as long as the household wants, and is read aloud before anything is switched off.",
        processes="Visits, switching off",
        systems="Care register, engineers' tablets",
        path=(
            StepPlan("framed", 236),
            StepPlan("designing", 199, "Go, and ask the patients' association first."),
        ),
        partners=("kitewright",),
        team=(
            SeatPlan("ingrid", "process_owner", "Consent that holds and can be taken back"),
            SeatPlan("parisa", "voc_manager", "Speaks with the patients' association", "consulted"),
            SeatPlan(
                "marguerite",
                "outside_expert",
                "Knows how it began, and the doctors who asked for it",
                "consulted",
                since=9,
            ),
            SeatPlan("aisling", "cx_operations", "Asks the question on the telephone"),
        ),
        asks=(AskPlan("pieter", 5),),
        budget=71_000,
    ),
    InitiativePlan(
        key="locked-cupboard",
        title="Read the meter behind the locked cupboard",
        theme=DOOR,
        lead_unit="MET",
        sponsor="yuhua",
        lead="wei",
        friction=FrictionPlan(
            words="Every quarter a card: we could not read your meter. It is behind the "
            "caretaker's door. It has been behind the caretaker's door for thirty years.",
            touchpoint="Meter reading",
            channel="home visit",
            cause="process",
            known="8,400 meters not read for a year; 61 in a hundred stand in shared cellars.",
        ),
        charter="A key list agreed with landlords, one round a quarter with the caretaker, and a "
        "small radio where there is no caretaker.",
        processes="Reading rounds",
        systems="Key list",
        path=(
            StepPlan("framed", 171),
            StepPlan("designing", 133, "Go. Start with the twenty largest landlords."),
        ),
        stage_asks=(
            StageAskPlan(
                6,
                SaysPlan(
                    "Try the key list on one round in Hathersea?",
                    "Two meter readers for three weeks",
                    "Sixteen of twenty landlords have signed: 400 doors that nobody has to wait behind.",
                    "Four more landlords sign in spring, and the sixteen begin to ask what for.",
                    "Nobody has said yet who answers for a lost key.",
                ),
            ),
        ),
        team=(SeatPlan("callum", "process_owner", "Signs with the landlords"),),
        budget=36_000,
    ),
    InitiativePlan(
        key="roof-drone",
        title="Survey a roof for a heat pump without a ladder",
        theme=DOOR,
        lead_unit="MET",
        units=("SHP", "RSK"),
        sponsor="pieter",
        lead="min",
        friction=FrictionPlan(
            words="Three men, three ladders, three Saturdays, and then a letter that my house is "
            "'not suitable'.",
            touchpoint="Survey for a heat pump",
            channel="home visit",
            cause="process",
            known="54 surveys followed: 2.6 visits each, 31 in a hundred end in a refusal.",
        ),
        charter="One flight and one indoor visit give a yes or a no with the reason, in a week.",
        processes="Survey for a heat pump",
        systems="Survey booking",
        pilot_scope="Thirty roofs in Hathersea",
        path=(
            StepPlan("framed", 455),
            StepPlan("designing", 420, "Go, with risk in the team."),
            StepPlan("piloting", 338, "Thirty roofs in Hathersea."),
            StepPlan(
                "stop",
                251,
                "Stopped. The drone saw the roof well enough; it was the cellar "
                "that decided. The indoor visit goes into the heat pump quote.",
            ),
        ),
        team=(SeatPlan("ingrid", "process_owner", "Flight permits and neighbours", "consulted"),),
        budget=62_000,
    ),
)
