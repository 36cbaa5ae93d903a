"""What the whole company looks at: who leaves, who recommends, who complains."""

from __future__ import annotations

from tracker.demo.kpis.shapes import KpiPlan, SeriesPlan

COMPANY_KPIS = (
    KpiPlan(
        "LEAVING", "Homes that leave us",
        "Homes that ended their contract in the month to go to another supplier, of those we supplied on its first day. "
        "Moving house does not count.",
        "outcome", "nadia", (SeriesPlan((
            (732, 58421), (695, 54740), (737, 61525), (747, 61109), (647, 54229), (670, 55008), (732, 59895), (676, 56948),
            (800, 62866), (707, 59487), (887, 67972), (717, 57920), (693, 55792), (813, 65628), (647, 56326), (695, 59132),
            (757, 61699), (622, 56695), (669, 63641), (690, 62253), (641, 60315), (751, 63913), (593, 57254), (706, 66492),
        )),),
        good="down", places=2, alerts=(None, 1.4), source="Supply register, Orrery Ledger",
        formula="homes that left ÷ homes supplied on the first day × 100",
        targets=((-200, 1.15), (180, 1.0)), others=((160, 1.31, "Northern Suppliers' Forum, yearly table"),),
    ),
    KpiPlan(
        "NPS", "Homes that would recommend us",
        "Asked by letter and app each quarter: how likely are you to recommend Lanternby to a neighbour, 0 to 10? "
        "Those who say 9 or 10, less those who say 0 to 6.",
        "outcome", "parisa", (SeriesPlan((
            (301, 1530), (348, 1317), (299, 1422), (287, 1446), (249, 1290), (318, 1475), (368, 1581), (405, 1483),
        )),), parent="LEAVING",
        measure="", scale=(-100.0, 100.0), cadence="quarterly", source="Neighbour letter, Parisa's panel",
        formula="(answers 9 and 10 − answers 0 to 6) ÷ all answers × 100",
        origin="Reichheld, Harvard Business Review, December 2003",
        targets=((150, 30.0),), others=((200, 27.0, "Northern Suppliers' Forum, panel of homes"),),
    ),
    KpiPlan(
        "COMPLAINTS", "Complaints", "Complaints taken down in the month, by any road, for each thousand homes.",
        "driver", "solveig", (SeriesPlan((
            (299, 60303), (331, 60497), (341, 61115), (347, 61174), (368, 62901), (327, 58122), (331, 55007), (284, 54293),
            (433, 68059), (356, 62692), (352, 55986), (319, 54552), (328, 56465), (357, 60472), (365, 60129), (340, 63054),
            (340, 60997), (313, 57752), (448, 68286), (370, 64042), (341, 58296), (335, 54708), (336, 64898), (371, 59339),
        )),), parent="LEAVING", unit="RSK",
        measure="‰", factor=1000.0, places=1, good="down", scale=(0.0, None), alerts=(None, 7.5), source="Complaints book",
        formula="complaints ÷ homes × 1,000", origin="ISO 10002:2018", targets=((90, 5.0),),
    ),
)  # fmt: skip
