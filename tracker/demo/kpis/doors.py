"""What happens at the door, at a new home, and when the lights are out."""

from __future__ import annotations

from tracker.demo.kpis.shapes import KpiPlan, SeriesPlan

DOOR_KPIS = (
    KpiPlan(
        "VISITS", "Visits that came when promised",
            ("Visits at which the engineer stood at the door within the two hours that were promised."),
        "driver", "callum", (
            SeriesPlan((
                (1077, 1230), (943, 1085), (892, 1023), (902, 1048), (1003, 1129), (930, 1083), (930, 1053), (1039, 1205),
                (920, 1037), (990, 1129), (914, 1032), (1065, 1233), (903, 1035), (1083, 1250), (980, 1137), (1120, 1268),
                (956, 1086), (949, 1078), (909, 1042), (933, 1068), (948, 1098), (971, 1092), (1006, 1150), (895, 1017),
            ), segment="Skelby"),
            SeriesPlan((
                (689, 790), (724, 850), (635, 777), (651, 761), (755, 904), (777, 907), (678, 818), (796, 937),
                (696, 808), (720, 867), (696, 821), (653, 765), (640, 753), (648, 772), (669, 756), (740, 874),
                (693, 796), (734, 832), (663, 771), (815, 933), (804, 935), (810, 934), (697, 802), (710, 816),
            ), segment="Dunmoor"),
            SeriesPlan((
                (130, 189), (135, 190), (118, 167), (134, 185), (124, 169), (127, 178), (128, 194), (138, 197),
                (146, 200), (125, 182), (157, 212), (148, 197), (125, 169), (128, 196), (144, 201), (133, 191),
                (140, 190), (136, 205), (145, 194), (136, 199), (129, 178), (131, 184), (126, 172), (133, 196),
            ), segment="The islands"),
        ), parent="NPS", unit="MET", source="Visit planner and Kitewright's returns",
        formula="visits in the window ÷ visits promised × 100",
        alerts=(80.0, None), targets=((140, 92.0),),
    ),
    KpiPlan(
        "SECOND-VISITS", "Visits that had to be made twice",
            ("Visits after which another one was needed for the same matter within thirty days."),
        "process", "wei", (SeriesPlan((
            (320, 2267), (265, 1938), (342, 2357), (301, 2219), (359, 2284), (311, 2069), (284, 1975), (323, 2044),
            (359, 2327), (307, 2138), (305, 2189), (300, 2262), (339, 2275), (305, 2070), (329, 2328), (301, 1943),
            (283, 1968), (361, 2301), (327, 2293), (337, 2181), (344, 2182), (319, 2041), (359, 2452), (315, 2178),
        )),), parent="VISITS", unit="MET",
        good="down", source="Visit planner", formula="visits repeated ÷ visits × 100", targets=((140, 10.0),),
    ),
    KpiPlan(
        "MOVE-DAYS", "Days until a move is settled",
            ("From the day somebody tells us of a move until both homes have their right contract; the "
            "middle one of the month."),
        "process", "beatriz", (SeriesPlan((
            7.3, 5.7, 6.5, 6.9, 7.1, 7.9, 6.9, 7.4,
            7.1, 7.2, 7.0, 6.7, 7.0, 6.3, 7.3, 6.3,
            6.9, 7.8, 6.7, 6.8, 7.3, 6.8, 6.4, 6.9,
        )),), parent="LEAVING", unit="CUS",
        measure="d", by_parts=False, factor=1.0, good="down", scale=(0.0, None), source="Orrery Ledger, moves", targets=((200, 4.0),),
    ),
    KpiPlan(
        "FIRST-WORD", "Minutes to the first word in an outage",
            ("From the moment the power goes until the homes concerned hear from us why; the middle one of "
            "the month."),
        "process", "arash", (SeriesPlan((
            41.0, 41.0, 35.0, 46.0, 46.0, 38.0, 39.0, 36.0,
            44.0, 35.0, 41.0, 36.0, 35.0, 41.0, 44.0, 38.0,
            35.0, 42.0, 38.0, 39.0,
        ), ends=4),), parent="COMPLAINTS", unit="SYS",
        measure="min", by_parts=False, factor=1.0, places=0, good="down", scale=(0.0, None), alerts=(None, 60.0),
        source="Outage desk, by hand", targets=((90, 20.0),),
    ),
)  # fmt: skip
