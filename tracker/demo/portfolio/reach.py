"""Theme *Reach a person*: the telephone, and everyone who cannot use one."""

from __future__ import annotations

from tracker.demo.company import REACH
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
        key="identity-once",
        title="Prove who I am once, not four times",
        theme=REACH,
        lead_unit="HLP",
        units=("SYS", "RSK"),
        sponsor="gustav",
        lead="nadia",
        friction=FrictionPlan(
            words="I typed my account number, then a machine asked for it, then a girl asked for "
            "it, then her colleague asked for it. By the fourth time I had forgotten why I rang.",
            touchpoint="First minute of a call",
            channel="phone",
            cause="technology",
            known="Forty recorded calls listened to with the helpline: 3.1 identity checks each, "
            "ninety seconds every time.",
        ),
        charter="A caller is identified once and the answer travels with the call, through every "
        "transfer and to the evening desk. Rules and risk agrees one check that is strong enough.",
        processes="Identity check, call transfer",
        systems="Telephone exchange, customer records",
        pilot_scope="Twenty agents in Skelby, mornings, eight weeks",
        next_units="The evening desk, then home visits",
        path=(
            StepPlan("framed", 604),
            StepPlan("designing", 571, "Go. One check, agreed by risk in writing, not by habit."),
            StepPlan("piloting", 402, "Twenty agents in Skelby, mornings only, for eight weeks."),
            StepPlan(
                "rolling_out",
                173,
                "Calls are 74 seconds shorter and nobody was let in "
                "wrongly. Take it to all desks, the evening desk last.",
            ),
        ),
        partners=("tessaly",),
        team=(
            SeatPlan(
                "aisling",
                "cx_operations",
                "Coaches the agents and collects what they say",
                share=30,
            ),
            SeatPlan("emeka", "technology", "Passes the check along with the call", share=50),
            SeatPlan("ingrid", "process_owner", "Says which check is strong enough", "consulted"),
        ),
        budget=186_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="honest-wait",
        title="Tell me the wait before I wait",
        theme=REACH,
        lead_unit="HLP",
        units=("SYS", "WEB"),
        sponsor="leila",
        lead="kwabena",
        friction=FrictionPlan(
            words="Your call is important to us. For fifty-one minutes it was important to them. "
            "Had they told me at the start I would have gone to collect my son and rung later.",
            touchpoint="Waiting to be answered",
            channel="phone",
            cause="business_design",
            known="Survey after hanging up: six in ten who gave up said 'nobody told me how long'.",
        ),
        charter="Every caller hears an honest wait in the first ten seconds and may choose to be "
        "rung back without losing the place in the queue.",
        processes="Rota planning, ring-back",
        systems="Telephone exchange",
        pilot_scope="The power-cut line",
        next_units="All lines",
        path=(
            StepPlan("framed", 716),
            StepPlan("designing", 690, "Go on, and let callers hear the drafts."),
            StepPlan("piloting", 622, "Start with the power-cut line, it has the worst waits."),
            StepPlan("rolling_out", 548, "Abandoned calls halved on that line. All lines now."),
            StepPlan("proving_benefit", 441, "It runs everywhere. Show me that it lasts."),
            StepPlan(
                "realised",
                118,
                "Achieved: calls given up fell from 23 to 9 in a hundred and "
                "stayed there. Lesson: the wait we tell must be the worse half of the range.",
            ),
        ),
        team=(
            SeatPlan("fang", "analyst", "Forecasts the wait from arrivals and rota"),
            SeatPlan("dmitri", "process_owner", "Plans the ring-back hour into the rota"),
        ),
        budget=74_000,
        cadence="quarterly",
    ),
    InitiativePlan(
        key="my-language",
        title="An answer in the language I think in",
        theme=REACH,
        lead_unit="HLP",
        units=("SHP", "CUS"),
        sponsor="pieter",
        lead="parisa",
        friction=FrictionPlan(
            words="مادرم قبض را نمی‌فهمد و من باید هر بار از سر کار به جای او زنگ بزنم. "
            "(My mother cannot follow the bill, so each time I have to ring for her from work.)",
            touchpoint="Asking about a bill",
            channel="phone",
            cause="people",
            known="One call in eleven is made by a relative who translates; 26 interviews held in "
            "Persian, Polish and Mandarin.",
        ),
        charter="Five languages on the helpline and in six shops, by people who speak them at "
        "home, and a call answered in the language in which the last one was. Not a machine.",
        processes="Rota planning, recruitment, call routing",
        systems="Telephone exchange",
        pilot_scope="Nine colleagues, three languages, three shops",
        path=(
            StepPlan("framed", 338),
            StepPlan("designing", 309, "Persian, Polish and Mandarin first."),
            StepPlan(
                "piloting",
                131,
                "Start with the nine colleagues who offered. Pay them for it from the first day.",
            ),
        ),
        partners=("tessaly",),
        team=(
            SeatPlan("sefa", "cx_operations", "Runs the shop half of the pilot", share=20),
            SeatPlan("fang", "analyst", "Counts second calls on the same question", "consulted"),
            SeatPlan("dmitri", "process_owner", "Changes the rota and the routing"),
        ),
        budget=92_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="evening-desk",
        title="Evening callers get the same answer as morning callers",
        theme=REACH,
        lead_unit="HLP",
        units=("BIL", "SYS"),
        sponsor="gustav",
        lead="aisling",
        friction=FrictionPlan(
            words="The lady at seven in the evening said it was sorted. The man at nine in the "
            "morning said there was no note of any lady.",
            touchpoint="Second call about the same thing",
            channel="phone",
            cause="knowledge",
            known="Mystery calls: 40 questions asked at ten and at eight; 17 got different "
            "answers.",
        ),
        charter="One set of knowledge pages for our desk and for Tessaly's, written with the "
        "people who answer, and notes that both can read within the minute.",
        processes="Answering in the evening, writing call notes",
        systems="Knowledge pages, call notes",
        path=(
            StepPlan("framed", 197),
            StepPlan("designing", 151, "Go. Twenty questions first, the ones that come daily."),
        ),
        stage_asks=(
            StageAskPlan(
                47,
                SaysPlan(
                    "Try the twenty pages with ten evening agents?",
                    "An hour of training for each of the ten",
                    "The daily questions get the same answer in the evening as at noon.",
                    "The pages grow old before anybody has used them.",
                    "The notes of the customer cannot be opened in the evening.",
                ),
                44,
                "Not yet. A page without the customer's notes is half an answer. Get the access "
                "first, and tell me who holds it up.",
            ),
        ),
        partners=("tessaly",),
        team=(
            SeatPlan("tomasz", "process_owner", "Writes the pages about bills"),
            SeatPlan("sunita", "designer", "Makes a page readable during a call", share=20),
            SeatPlan("emeka", "technology", "Opens the notes to the evening desk", "consulted"),
        ),
        budget=58_000,
    ),
    InitiativePlan(
        key="complaint-owner",
        title="One person owns my complaint to the end",
        theme=REACH,
        lead_unit="CUS",
        units=("HLP", "BIL", "RSK"),
        sponsor="leila",
        lead="kwabena",
        friction=FrictionPlan(
            words="Each letter is signed by somebody new who is sorry. I do not want eleven people "
            "to be sorry. I want one to fix it.",
            touchpoint="Complaint",
            channel="letter",
            cause="business_design",
            known="The 30 longest complaints of last year read end to end: on average 7 hands.",
        ),
        charter="A complaint gets a name on the first day and keeps it until the customer says it "
        "is over. The owner may ask any unit for an answer within three days.",
        processes="Complaint handling",
        systems="Complaint register, the ombudsman's file",
        path=(StepPlan("framed", 26),),
        team=(
            SeatPlan("parisa", "voc_manager", "Rings customers whose complaint is over"),
            SeatPlan("ingrid", "process_owner", "Keeps the ombudsman's dates", "consulted"),
        ),
        budget=40_000,
    ),
    InitiativePlan(
        key="sign-language",
        title="Reach us without asking a neighbour to phone",
        theme=REACH,
        lead_unit="HLP",
        units=("WEB",),
        lead="parisa",
        friction=FrictionPlan(
            words="I am deaf. Your form has one required field I cannot fill in: telephone number "
            "on which we can reach you during the day.",
            touchpoint="Contact form",
            channel="web",
            cause="policy",
            known="A letter to the chief customer officer, and nine more once we asked.",
        ),
        charter="Video calls with an interpreter in shop hours, and a contact form that does not "
        "insist on a telephone.",
        path=(StepPlan("idea", 38),),
        asks=(AskPlan("gustav", 3),),
        budget=25_000,
    ),
)
