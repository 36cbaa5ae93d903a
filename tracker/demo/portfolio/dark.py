"""Theme *When the power goes*: cuts, planned and not."""

from __future__ import annotations

from tracker.demo.company import DARK
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
        key="text-first",
        title="Text me before I have to ring",
        theme=DARK,
        lead_unit="HLP",
        units=("SYS", "WEB", "MET"),
        sponsor="gustav",
        lead="nadia",
        friction=FrictionPlan(
            words="The whole street stood outside in slippers asking each other. Your computers "
            "must have noticed that a street was gone?",
            touchpoint="First half hour of a power cut",
            channel="text message",
            cause="technology",
            known="In a cut, 71 in a hundred calls ask one thing: do you know?",
        ),
        charter="Within ten minutes of a cut, everyone on that line has a text: we know, this is "
        "where, this is when we will say more. Then we do say more.",
        processes="Answering in a power cut",
        systems="Network alarms, address book, message service",
        pilot_scope="The Skelby ring, day and night",
        path=(
            StepPlan("framed", 371),
            StepPlan("designing", 340, "Go, with the control room."),
            StepPlan("piloting", 116, "The Skelby ring, day and night, no pilot hours."),
        ),
        team=(
            SeatPlan("emeka", "technology", "From alarm to list of homes", share=30),
            SeatPlan("farid", "technology", "Sends the texts and the second text", share=20),
            SeatPlan("dmitri", "process_owner", "What agents say in the same minute"),
            SeatPlan("parisa", "voc_manager", "Asks next day whether it helped", "consulted"),
        ),
        budget=149_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="machines-first",
        title="Homes with a breathing machine are called first",
        theme=DARK,
        lead_unit="HLP",
        units=("MET", "RSK", "SYS"),
        sponsor="gustav",
        lead="aisling",
        friction=FrictionPlan(
            words="Forty minutes of battery. Thirty-five minutes in your queue, behind people "
            "asking about their freezers.",
            touchpoint="Power cut",
            channel="phone",
            cause="business_design",
            known="One night's calls played back; the care register has 2,900 homes on it, of "
            "which we think 600 are out of date.",
        ),
        charter="In a cut we ring them, they do not ring us: a list by battery time, a second list "
        "of neighbours, and a van with a battery for those beyond an hour.",
        processes="Duty desk in a power cut",
        systems="Care register",
        path=(StepPlan("framed", 82),),
        team=(
            SeatPlan("ingrid", "process_owner", "Who may see the register"),
            SeatPlan("fang", "analyst", "Cleans the register"),
            SeatPlan("wei", "cx_operations", "The van with the battery"),
        ),
        budget=110_000,
    ),
    InitiativePlan(
        key="planned-date",
        title="A planned cut on the day it was planned",
        theme=DARK,
        lead_unit="MET",
        units=("CUS", "WEB"),
        sponsor="gustav",
        lead="min",
        friction=FrictionPlan(
            words="I closed the salon because you said Thursday. On Thursday the dryers worked. On "
            "Friday, with four women under foil, they did not.",
            touchpoint="Planned power cut",
            channel="letter",
            cause="process",
            known="Of 340 planned cuts, 96 moved, 58 of them with less than a day's word.",
        ),
        charter="A date once told is kept or paid for. Moving it needs a name, a reason and three "
        "days; shops and salons are asked first.",
        processes="Work planning, notice letters",
        systems="Planners' calendar, road permits",
        path=(
            StepPlan("framed", 228),
            StepPlan("designing", 186, "Go. Sit with the planners for a month."),
        ),
        stage_asks=(
            StageAskPlan(
                9,
                SaysPlan(
                    "Pilot the kept dates in two districts, Quay Street first?",
                    "letters and calls",
                    "Five of sixty dates moved, each with a name and a call; it was a quarter of them.",
                    "The winter cuts begin without it; the next quiet weeks are in April.",
                    "The planners' calendar is still copied by hand once a day.",
                    amount=12_000,
                ),
            ),
        ),
        partners=("pagemill",),
        team=(
            SeatPlan("wei", "process_owner", "The planners' calendar", share=20),
            SeatPlan("marguerite", "strategy_adviser", "Shopkeepers' association", "consulted"),
            SeatPlan(
                "marguerite", "outside_expert", "Shopkeepers' association", "consulted", since=10
            ),
        ),
        budget=45_000,
    ),
    InitiativePlan(
        key="cut-map",
        title="A map of cuts for people without the app",
        theme=DARK,
        lead_unit="WEB",
        units=("SYS", "HLP"),
        sponsor="yuhua",
        lead="farid",
        friction=FrictionPlan(
            words="The map is in the app, the app wants an update, the update wants the internet, "
            "and the internet wants electricity.",
            touchpoint="Power cut",
            channel="web",
            cause="business_design",
            known="Nine in ten who opened the map during a cut gave up on the first screen.",
        ),
        charter="One light page that opens on an old telephone in three seconds, without signing "
        "in.",
        processes="Telling about power cuts",
        systems="Web pages, network alarms",
        path=(
            StepPlan("framed", 602),
            StepPlan("designing", 566, "Go."),
            StepPlan(
                "stop",
                418,
                "Stopped. Once we ask people what they want in the dark, nobody "
                "says a map. They want to be told. The money goes to the text messages.",
            ),
        ),
        team=(SeatPlan("sunita", "designer", "The light page"),),
        budget=48_000,
    ),
    InitiativePlan(
        key="storm-payment",
        title="After the storm, pay without being asked",
        theme=DARK,
        lead_unit="BIL",
        units=("MET", "SYS"),
        lead="min",
        friction=FrictionPlan(
            words="Two days without heating, and then a form that wants the serial number of my "
            "freezer.",
            touchpoint="Compensation after a long cut",
            channel="web",
            cause="policy",
            known="After the last storm 19,000 homes were owed money; 2,700 asked for it.",
        ),
        charter="Whoever was without power for more than twelve hours is paid within ten days, "
        "because we know who they are.",
        path=(StepPlan("idea", 52),),
        asks=(AskPlan("amara", 6),),
        budget=30_000,
    ),
)
