"""Theme *A bill I can follow*: bills, letters, payments and refunds."""

from __future__ import annotations

from tracker.demo.company import BILL
from tracker.demo.shapes import FrictionPlan, InitiativePlan, SeatPlan, StepPlan

INITIATIVES = (
    InitiativePlan(
        key="estimates",
        title="A bill that says when it is guessing",
        theme=BILL,
        lead_unit="BIL",
        units=("MET", "WEB"),
        sponsor="amara",
        lead="kwabena",
        friction=FrictionPlan(
            words="412 for a flat in which nobody has lived since my father died. You call it a "
            "reading. Nobody read anything. Somebody made it up.",
            touchpoint="Bill with an estimated reading",
            channel="letter",
            cause="data",
            known="One bill in five is estimated; those bring 44 in a hundred of all bill calls.",
        ),
        charter="An estimate is marked as one on the first line, in the app and on paper, with "
        "two ways to replace it: send a photograph, or ask for a visit.",
        processes="Billing run, photo readings",
        systems="Bill layout, app",
        pilot_scope="Five thousand bills in Hathersea, two wordings",
        next_units="Port Ellery, the islands",
        path=(
            StepPlan("framed", 517),
            StepPlan("designing", 489, "Go, with the bill team and not for them."),
            StepPlan("piloting", 355, "Five thousand bills in Hathersea, two wordings."),
            StepPlan("rolling_out", 142, "Wording B. Calls down a third. Whole region by region."),
        ),
        partners=("pagemill",),
        team=(
            SeatPlan("tomasz", "process_owner", "Owns the billing run", share=40),
            SeatPlan("sunita", "designer", "First line of the bill, on paper and screen"),
            SeatPlan("wei", "cx_operations", "Visits for those who cannot read a meter"),
        ),
        budget=128_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="refund-five-days",
        title="My own money back within five days",
        theme=BILL,
        lead_unit="BIL",
        units=("SYS", "HLP"),
        sponsor="amara",
        lead="tomasz",
        friction=FrictionPlan(
            words="When I owe you, it is fourteen days and then a threat. When you owe me, it is "
            "'six to eight weeks' and a song about being patient.",
            touchpoint="Final bill with credit",
            channel="phone",
            cause="process",
            known="Median refund 39 days; 2,300 second calls a year begin with 'where is my "
            "money'.",
        ),
        charter="A credit on a final bill leaves for the customer's account within five working "
        "days without being asked for. Above 2,000 a person looks first, the same day.",
        processes="Final bill, refund approval",
        systems="Billing system, bank file",
        pilot_scope="Refunds below 200",
        next_units="All refunds below 2,000",
        path=(
            StepPlan("framed", 648),
            StepPlan("designing", 610, "Go. Show me every pair of hands it passes through."),
            StepPlan("piloting", 505, "Refunds below 200 first. No second signature there."),
            StepPlan("rolling_out", 389, "No loss in 4,100 refunds. Raise the limit in two steps."),
            StepPlan("proving_benefit", 164, "Everything runs. Now hold it for a year."),
        ),
        partners=("orrery",),
        team=(
            SeatPlan("lucia", "cx_operations", "Limits and controls of the bank file"),
            SeatPlan("emeka", "technology", "Bank file twice a day in place of twice a week"),
        ),
        budget=210_000,
    ),
    InitiativePlan(
        key="one-envelope",
        title="One letter a month, not five that contradict each other",
        theme=BILL,
        lead_unit="BIL",
        units=("RSK", "SHP"),
        sponsor="amara",
        lead="kwabena",
        friction=FrictionPlan(
            words="On Tuesday a letter says I am a valued customer. On Wednesday one says I will "
            "be cut off. On Thursday you offer me a boiler.",
            touchpoint="Letters at home",
            channel="letter",
            cause="business_design",
            known="A wall of one customer's post for a year: 61 letters from 5 of our units.",
        ),
        charter="One calendar of letters for the company, one gate before the printer, and no "
        "offer to anyone who has an open complaint or a payment plan.",
        processes="Mailing calendar, letter templates",
        systems="Printer's intake",
        pilot_scope="Households in Dunmoor",
        path=(
            StepPlan("framed", 296),
            StepPlan("designing", 268, "Go, and count every letter, marketing's too."),
            StepPlan("piloting", 88, "Households in Dunmoor. Marketing waits in line like others."),
        ),
        partners=("pagemill",),
        team=(
            SeatPlan("marguerite", "strategy_adviser", "Settles whose letter waits", "consulted"),
            SeatPlan("ingrid", "process_owner", "Knows which letters the law dates"),
            SeatPlan("tomasz", "process_owner", "Bills and reminders in the calendar"),
        ),
        budget=66_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="price-letter",
        title="A price change told in my own figures",
        theme=BILL,
        lead_unit="BIL",
        units=("RSK", "WEB"),
        sponsor="pieter",
        lead="sunita",
        friction=FrictionPlan(
            words="Four pages about unit rates and standing charges. I have a degree in chemistry "
            "and I still do not know whether I pay more.",
            touchpoint="Price change letter",
            channel="letter",
            cause="knowledge",
            known="Read aloud with 18 customers: two could say what would change for them.",
        ),
        charter="The first sentence gives the change in money per month for this household, last "
        "year's use applied to the new price. The legal text follows, whole, on page two.",
        processes="Price change letters",
        systems="Consumption records",
        path=(
            StepPlan("framed", 149),
            StepPlan("designing", 112, "Go. Three drafts, read aloud by customers each time."),
        ),
        partners=("pagemill",),
        team=(
            SeatPlan("fang", "analyst", "Works out each household's own figure", share=20),
            SeatPlan("ingrid", "process_owner", "What the regulator requires on page one"),
        ),
        budget=47_000,
    ),
    InitiativePlan(
        key="paid-is-paid",
        title="Paid means paid, the minute I pay",
        theme=BILL,
        lead_unit="WEB",
        units=("BIL", "SYS"),
        sponsor="yuhua",
        lead="farid",
        friction=FrictionPlan(
            words="The bank took it on Friday, your app said overdue until Tuesday, and on Monday "
            "a man rang me about it. I had to read my bank statement to him.",
            touchpoint="After paying",
            channel="app",
            cause="technology",
            known="App reviews: 'paid but still overdue' is the most used sentence, 310 times.",
        ),
        charter="A payment shows at once as received, even before it is booked, and no reminder "
        "goes out while one is on its way.",
        processes="Booking payments, reminder run",
        systems="Payment gateway, ledger, app",
        path=(StepPlan("framed", 36),),
        partners=("orrery",),
        team=(
            SeatPlan("emeka", "technology", "Event from the payment gateway"),
            SeatPlan("tomasz", "process_owner", "Stops the reminder run for these", "consulted"),
        ),
        budget=83_000,
    ),
    InitiativePlan(
        key="large-print",
        title="Braille and large print arrive when the others do",
        theme=BILL,
        lead_unit="BIL",
        units=("CUS",),
        sponsor="pieter",
        lead="parisa",
        friction=FrictionPlan(
            words="My bill in braille came nineteen days after my neighbour's. The payment was due "
            "after fourteen. You charged me for being blind.",
            touchpoint="Bill in another format",
            channel="letter",
            cause="partner",
            known="All 640 customers with another format asked by telephone; 212 had paid a late "
            "fee.",
        ),
        charter="The special formats leave the printer on the same day as all the others, and the "
        "fees are repaid.",
        processes="Bills in other formats, due dates",
        systems="Printer's intake",
        pilot_scope="One bill run",
        next_units="All bill runs",
        path=(
            StepPlan("piloting", 668),
            StepPlan("rolling_out", 602, "Same day for all formats, starting with this bill run."),
            StepPlan("proving_benefit", 530, "Watch it for two quarters."),
            StepPlan(
                "realised",
                287,
                "Achieved: 0 days' difference for five runs, 212 fees "
                "repaid. Lesson: ask the customer before asking the supplier.",
            ),
        ),
        adopted=True,
        partners=("pagemill",),
        team=(SeatPlan("tomasz", "process_owner", "Due dates follow the posting date"),),
        budget=18_000,
        cadence="quarterly",
    ),
    InitiativePlan(
        key="solar-credit",
        title="Show me what my roof has earned",
        theme=BILL,
        lead_unit="BIL",
        units=("MET", "SYS"),
        sponsor="pieter",
        lead="min",
        friction=FrictionPlan(
            words="屋顶发的电去哪儿了？账单上只有一个数字，谁也说不清楚。(Where does the power "
            "from my roof go? The bill has one figure on it and nobody can explain it.)",
            touchpoint="Credit for exported power",
            channel="app",
            cause="data",
            known="Of 3,900 households with panels, one in three called within a year.",
        ),
        charter="A page with what was made, used and sold, month by month, and a credit that can "
        "be checked with a pencil.",
        processes="Credits for exported power",
        systems="Export meters, tariff tables",
        path=(
            StepPlan("framed", 124),
            StepPlan(
                "hold",
                34,
                "The new export meters come first; without their data this would "
                "be a prettier guess. I look at it again when half are fitted.",
            ),
        ),
        team=(SeatPlan("fang", "analyst", "Finds out what the export meters can tell us"),),
        budget=55_000,
    ),
)
