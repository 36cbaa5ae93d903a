"""Theme *New home, new start*: moving, joining and the shops."""

from __future__ import annotations

from tracker.demo.company import HOME
from tracker.demo.shapes import AskPlan, FrictionPlan, InitiativePlan, SeatPlan, StepPlan

INITIATIVES = (
    InitiativePlan(
        key="moving-house",
        title="Moving house in one conversation",
        theme=HOME,
        lead_unit="CUS",
        units=("SHP", "HLP", "BIL", "WEB"),
        sponsor="leila",
        lead="nadia",
        friction=FrictionPlan(
            words="I rang to leave, rang to arrive, sent two readings to two addresses, and for a "
            "month I paid for a house in which strangers were taking showers.",
            touchpoint="Moving",
            channel="phone",
            cause="business_design",
            known="Walked the way with 14 movers: 4.3 contacts and two bills for one night.",
        ),
        charter="One conversation closes the old address and opens the new one, whoever answers. "
        "Both readings, both dates, one letter that says what happens when.",
        processes="Address change, final bill, first bill",
        systems="Billing system, app",
        pilot_scope="The Port Ellery shop and one helpline team",
        path=(
            StepPlan("framed", 447),
            StepPlan("designing", 410, "Go. Nobody leaves the room with only their own piece."),
            StepPlan("piloting", 230, "The Port Ellery shop and one helpline team."),
            StepPlan(
                "back",
                196,
                "Back to the drawing board: two bills overlapped for 60 of 200 "
                "movers. I would rather be late than wrong twice.",
            ),
            StepPlan(
                "piloting", 109, "The overlap is gone in the test. Again, same shop, same team."
            ),
        ),
        partners=("orrery",),
        team=(
            SeatPlan("sefa", "cx_operations", "Runs the shop pilot", share=30),
            SeatPlan("tomasz", "process_owner", "Final and first bill on the same night"),
            SeatPlan("sunita", "journey_manager", "Keeps the whole way on one wall", share=40),
            SeatPlan("farid", "technology", "The same form in the app", "consulted"),
        ),
        budget=175_000,
        cadence="fortnightly",
    ),
    InitiativePlan(
        key="not-my-debt",
        title="The last tenant's debt is not mine",
        theme=HOME,
        lead_unit="BIL",
        units=("RSK", "HLP"),
        sponsor="amara",
        lead="tomasz",
        friction=FrictionPlan(
            words="Bailiffs. At seven in the morning, with my daughter in her school uniform. For "
            "a Mr Pell, who left before we ever had a key.",
            touchpoint="Debt letter to a new tenant",
            channel="letter",
            cause="data",
            known="1,150 letters a year go to people who had already told us that they moved in.",
        ),
        charter="A debt follows the person, never the door. A new name at an address stops every "
        "letter to the old one the same day, and nobody is sent to a door without a check.",
        processes="Collecting debts, address history",
        systems="Debt file, the agency's list",
        next_units="Shops",
        path=(StepPlan("rolling_out", 189),),
        adopted=True,
        team=(
            SeatPlan("ingrid", "process_owner", "The agency's contract"),
            SeatPlan("aisling", "cx_operations", "The call in which a tenant tells us"),
            SeatPlan("lucia", "cx_operations", "What it does to the debt figures", "informed"),
        ),
        budget=39_000,
    ),
    InitiativePlan(
        key="heat-pump-quote",
        title="A heat pump quote that holds on the day",
        theme=HOME,
        lead_unit="SHP",
        units=("MET", "BIL"),
        sponsor="pieter",
        lead="sefa",
        friction=FrictionPlan(
            words="Nine thousand in the shop, twelve on the kitchen table, fourteen and a half "
            "when the floor was already open. What was I going to say?",
            touchpoint="Quote for a heat pump",
            channel="shop",
            cause="process",
            known="72 finished jobs: the last price was 38 in a hundred above the first.",
        ),
        charter="The price said in the shop is within five in a hundred of the last one, or the "
        "customer may walk away with the deposit.",
        processes="Quotes, indoor survey",
        systems="Quote program, deposits",
        path=(StepPlan("framed", 22),),
        team=(
            SeatPlan("callum", "process_owner", "The indoor survey"),
            SeatPlan("lucia", "cx_operations", "What a promise may cost us", "consulted"),
        ),
        budget=52_000,
    ),
    InitiativePlan(
        key="shared-flat",
        title="Four names on one account",
        theme=HOME,
        lead_unit="SHP",
        units=("RSK", "BIL"),
        lead="sefa",
        friction=FrictionPlan(
            words="There are four of us. The contract is in my name, so the debt is in my name, "
            "and Luca is in Bologna and does not answer.",
            touchpoint="Opening an account",
            channel="shop",
            cause="policy",
            known="The three shops near the university keep a tally: 20 such talks a week.",
        ),
        charter="Up to six people share an account, each with a share, and one may leave without "
        "ending it for the others.",
        path=(StepPlan("idea", 96),),
        asks=(
            AskPlan(
                "amara",
                58,
                "declined",
                52,
                "I like it and I would be the wrong one. As long "
                "as we cannot split a debt, my name on it promises what I cannot keep. Ask "
                "again with an answer from risk.",
            ),
        ),
        budget=20_000,
    ),
    InitiativePlan(
        key="no-paper-shops",
        title="Leave the shop with it done, not with a form",
        theme=HOME,
        lead_unit="SHP",
        units=("WEB", "SYS"),
        sponsor="pieter",
        lead="sefa",
        friction=FrictionPlan(
            words="I came to the shop because I wanted a person. The person gave me a web address.",
            touchpoint="Shop counter",
            channel="shop",
            cause="technology",
            known="Two weeks at five counters: 46 in a hundred visitors left with homework.",
        ),
        charter="The ten commonest wishes are done at the counter, on a tablet that both can see, "
        "before the customer leaves.",
        processes="Account changes at the counter",
        systems="Shop tablets",
        next_units="All forty shops",
        path=(
            StepPlan("rolling_out", 402),
            StepPlan(
                "proving_benefit",
                137,
                "All forty. Now show that people do not come back with the same wish.",
            ),
        ),
        adopted=True,
        team=(
            SeatPlan("farid", "technology", "The tablet's ten pages"),
            SeatPlan("giulia", "process_owner", "Trains the counters"),
        ),
        budget=97_000,
    ),
)
