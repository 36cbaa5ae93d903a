"""How it is to reach us, and to read what we send."""

from __future__ import annotations

from tracker.demo.kpis.shapes import KpiPlan, SeriesPlan

TALK_KPIS = (
    KpiPlan(
        "FCR", "Settled at the first call or visit",
            ("Matters that were settled the first time somebody called, wrote or came in, and about which "
            "nobody had to come back within ten days."),
        "driver", "dmitri", (
            SeriesPlan((
                (13212, 20113), (11662, 17908), (11269, 17022), (12738, 19739), (11777, 17744), (14077, 20653), (13397, 20066), (12506,
                19565),
                (11216, 17287), (10810, 16409), (10799, 16404), (12951, 19355), (13000, 20527), (13830, 20667), (13429, 20520), (11519,
                17287),
                (12003, 17153), (14419, 20277), (13562, 20012), (13826, 19830), (11342, 16656), (13288, 19753), (13483, 19611), (13770,
                19784),
            ), unit="HLP"),
            SeriesPlan((
                (3188, 4031), (3059, 4095), (3280, 4101), (2990, 3867), (3045, 3824), (3620, 4509), (3062, 3843), (3259, 4359),
                (3132, 4049), (2886, 3710), (3603, 4675), (3557, 4637), (3293, 4133), (2980, 3909), (3071, 3950), (3384, 4287),
                (3063, 3957), (3614, 4613), (3094, 4053), (3615, 4608), (3269, 4120), (3269, 4232), (3353, 4224), (3034, 3881),
            ), unit="SHP"),
            SeriesPlan((
                (3362, 6079), (3707, 6856), (3903, 7273), (3777, 6930), (3857, 6992), (3798, 7000), (3536, 6484), (3990, 6913),
                (3867, 7002), (3503, 6806), (3762, 7086), (3966, 7219), (3630, 6821), (4168, 7631), (4174, 7230), (3402, 6502),
                (4050, 6999), (3397, 6299), (3414, 6273), (3573, 6470), (3012, 6193), (3593, 7557), (3133, 6328), (3010, 6309),
            ), unit="WEB"),
        ), parent="NPS", unit="CUS", source="Contact notes of all desks", formula="matters settled at once ÷ all matters × 100",
        origin="ISO 18295-1:2017", alerts=(60.0, None), targets=((120, 75.0),),
        others=((90, 72.5, "Tessaly Voice, median of its clients"),),
    ),
    KpiPlan(
        "WAIT", "Minutes until a person answers",
            ("From the last key pressed to a human voice, the middle one of all calls of the month. Calls "
            "that hang up before count as they are."),
        "process", "dmitri", (SeriesPlan((
            5.3, 4.0, 4.8, 5.4, 4.3, 4.8, 5.3, 4.6,
            4.8, 4.9, 4.3, 4.6, 4.7, 4.9, 4.6, 4.5,
            4.2, 4.5, 3.6, 3.3, 3.0, 3.0, 4.2, 3.7,
        ), slips={20: 13.0}, notes={20: "First entered as 13.0: a slip of the point."}),), parent="FCR", unit="HLP",
        measure="min", by_parts=False, factor=1.0, good="down", scale=(0.0, None), alerts=(None, 6.0), source="Telephone system",
        targets=((-30, 4.0), (150, 3.0)),
    ),
    KpiPlan(
        "BILL-CLEAR", "Homes that can follow their bill",
            ("Asked of a thousand homes after each bill run: could you follow how the sum came about?"),
        "driver", "priyanka", (
            SeriesPlan(
                (
                (463, 836), (533, 908), (471, 815), (495, 860), (514, 849), (450, 778), (462, 798), None,
                (441, 755), (509, 873), (433, 747), (530, 893), (489, 737), (614, 895), (607, 883), (539, 803),
                (559, 792), (493, 751), (515, 756), (564, 817), (570, 838), (548, 804), (515, 794), (571, 857),
            ),
                notes={7: "No letter went out: the printer's contract was between two firms."},
                breaks={12:
                    ("Until then the question was whether the bill was clear; since then, whether one could follow "
                    "how the sum came about.")},
            ),
        ), parent="NPS", unit="BIL", source="Card in the bill", formula="answers “yes” ÷ all answers × 100", targets=((100, 75.0),),
    ),
    KpiPlan(
        "BILL-CALLS", "Calls about a bill", "Calls in which somebody asks what a line of the bill means, for each thousand bills sent.",
        "process", "tomasz", (SeriesPlan((
            (4336, 96357), (3873, 85724), (5017, 105205), (4464, 102863), (4332, 93520), (4707, 99094), (4134, 85914), (4191, 88219),
            (4342, 92315), (4135, 87965), (4057, 86818), (4950, 104625), (4716, 98628), (4449, 92484), (4598, 92870), (4342, 107361),
            (3546, 95216), (3306, 86834), (3481, 92374), (3649, 88200), (3409, 85012), (3280, 87858), (3897, 96995), (4107, 107025),
        )),), parent="BILL-CLEAR", unit="BIL",
        measure="‰", factor=1000.0, good="down", scale=(0.0, None), source="Contact notes, reason 14",
        formula="calls ÷ bills sent × 1,000", targets=((60, 42.0),),
    ),
    KpiPlan(
        "HELPLINE-MOOD", "Helpline people who would work here again",
            ("Asked of everybody on the helpline each quarter, without names: would you take this job again?"),
        "driver", "aisling", (SeriesPlan((
            (59, 92), (57, 90), (64, 98), (55, 94), (56, 94), (57, 92), (52, 86), (61, 87),
        )),), parent="FCR", unit="HLP",
        cadence="quarterly", source="Four questions on paper", formula="answers “yes” ÷ all answers × 100", targets=((200, 75.0),),
    ),
)  # fmt: skip
