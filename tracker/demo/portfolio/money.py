"""Theme *When money is short*: prepayment, plans, debt and bereavement."""

from __future__ import annotations

from tracker.demo.company import MONEY
from tracker.demo.shapes import FrictionPlan, InitiativePlan, SeatPlan, StepPlan

INITIATIVES = (
    InitiativePlan(
        key="sunday-topup",
        title="A top-up that works on Sunday night",
        theme=MONEY,
        lead_unit="SHP",
        units=("SYS", "MET"),
        sponsor="yuhua",
        lead="kwabena",
        friction=FrictionPlan(
            words="Twenty on the card and no light in the house. The shop says ring you, you "
            "say ring the shop, and the baby's bottle is cold.",
            touchpoint="Topping up a prepayment meter",
            channel="shop",
            cause="technology",
            known="Top-ups that fail: 640 a week, half of them between Saturday noon and Monday.",
        ),
        charter="A payment that has been taken gives light within five minutes on any day. If the "
        "card fails, the meter gives ten on trust until Monday noon.",
        processes="Topping up, weekend duty",
        systems="Top-up terminals, prepayment meters",
        pilot_scope="Eight corner shops in Skelby, every weekend",
        path=(
            StepPlan("framed", 324),
            StepPlan("designing", 301, "Go. Put somebody on weekend duty while you design."),
            StepPlan("piloting", 144, "Eight corner shops in Skelby, every weekend."),
        ),
        partners=("kitewright",),
        team=(
            SeatPlan("sefa", "cx_operations", "Shopkeepers' side"),
            SeatPlan("emeka", "technology", "Ten on trust, sent to the meter", share=40),
            SeatPlan("wei", "process_owner", "Visit on a Sunday when all else fails", "consulted"),
        ),
        budget=134_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="plan-in-one-call",
        title="A payment plan agreed in one call",
        theme=MONEY,
        lead_unit="BIL",
        units=("HLP", "RSK"),
        sponsor="amara",
        lead="kwabena",
        friction=FrictionPlan(
            words="It took me three weeks to dare to ring. Then they said a different department "
            "does plans and would ring me. They rang while I was driving the bus.",
            touchpoint="Asking for a payment plan",
            channel="phone",
            cause="business_design",
            known="Of 100 people who asked for a plan, 37 had one a month later.",
        ),
        charter="Whoever answers may agree a plan within clear limits, at once, without transfer, "
        "and the plan is in the customer's hand as a text before the call ends.",
        processes="Agreeing payment plans",
        systems="Debt file, agents' desk",
        pilot_scope="Two teams, plans up to 600",
        next_units="All teams, the evening desk",
        path=(
            StepPlan("framed", 688),
            StepPlan("designing", 655, "Go. The limits are mine to set and I will."),
            StepPlan("piloting", 560, "Two teams, plans up to 600."),
            StepPlan("rolling_out", 424, "Plans kept: 81 in a hundred. All teams, limit 1,200."),
            StepPlan("proving_benefit", 211, "Hold it for a year, through a price change."),
        ),
        team=(
            SeatPlan("aisling", "cx_operations", "Teaches the first three sentences"),
            SeatPlan("fang", "analyst", "Plans kept and broken, by limit"),
            SeatPlan("lucia", "cx_operations", "Confirms the fall in debt written off"),
        ),
        budget=88_000,
        cadence="quarterly",
    ),
    InitiativePlan(
        key="tell-us-once",
        title="When somebody dies, tell us once",
        theme=MONEY,
        lead_unit="HLP",
        units=("BIL", "RSK", "SYS"),
        sponsor="leila",
        lead="nadia",
        friction=FrictionPlan(
            words="I told you on the phone that he had died. You wrote to him that you were sorry "
            "to hear of his death. To him. Dear Mr Garrick.",
            touchpoint="Bereavement",
            channel="letter",
            cause="process",
            known="90 families asked, with great care: 5 contacts each, 4 certificates sent.",
        ),
        charter="One call or one form, one certificate, one person with a direct line until it is "
        "settled. No letter leaves without that person's eyes on it.",
        processes="Closing an account, reminder run",
        systems="Billing system, letters",
        pilot_scope="Four colleagues with a room of their own",
        next_units="Shops and the evening desk",
        path=(
            StepPlan("framed", 497),
            StepPlan("designing", 466, "Go. Slowly, with families."),
            StepPlan(
                "piloting", 352, "Four colleagues who asked to do this work. Look after them."
            ),
            StepPlan("rolling_out", 77, "Take it to the shops and the evening desk."),
        ),
        partners=("tessaly", "orrery"),
        team=(
            SeatPlan("aisling", "cx_operations", "Looks after the four", share=40),
            SeatPlan("ingrid", "process_owner", "Which certificate is enough"),
            SeatPlan("parisa", "researcher", "Speaks with the families afterwards"),
        ),
        budget=64_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="debt-letters",
        title="Debt letters that can be opened without fear",
        theme=MONEY,
        lead_unit="BIL",
        units=("RSK", "CUS"),
        sponsor="amara",
        lead="sunita",
        friction=FrictionPlan(
            words="I keep them in the drawer under the towels. I know what they are from the red "
            "through the window of the envelope.",
            touchpoint="Reminder",
            channel="letter",
            cause="policy",
            known="Visits to 12 homes with a debt adviser: 9 had a drawer.",
        ),
        charter="Plain envelope, first a way out and then the amount, a name and a number that "
        "answers. The legal notice only when it is one.",
        processes="Reminders",
        systems="Letter templates, envelopes",
        path=(
            StepPlan("framed", 288),
            StepPlan("designing", 254, "Go, with the debt advisers."),
            StepPlan(
                "hold",
                41,
                "The regulator is rewriting the notice and we would print twice. "
                "We wait for their text, and not a week longer.",
            ),
        ),
        partners=("pagemill",),
        team=(
            SeatPlan("ingrid", "process_owner", "The regulator's notice"),
            SeatPlan("parisa", "researcher", "Visits with the debt adviser"),
        ),
        budget=33_000,
    ),
    InitiativePlan(
        key="warm-grant",
        title="The warm-home grant without the paper chase",
        theme=MONEY,
        lead_unit="CUS",
        units=("BIL",),
        lead="kwabena",
        friction=FrictionPlan(
            words="To prove that I am poor I need a printer.",
            touchpoint="Applying for the grant",
            channel="web",
            cause="process",
            known="Said by a customer in the Dunmoor shop; the colleague wrote it on the wall.",
        ),
        charter="We ask the benefits office ourselves, with consent, and the customer signs once.",
        path=(StepPlan("idea", 21),),
    ),
)
