"""Lanternby Energy, an invented supplier of power and heat: its units, partners and boards."""

from __future__ import annotations

from tracker.demo.shapes import BoardPlan, ContactPlan, PartnerPlan, UnitPlan

COMPANY = "Lanternby Energy"

REACH = "Reach a person"
BILL = "A bill I can follow"
DOOR = "Someone at my door"
HOME = "New home, new start"
MONEY = "When money is short"
DARK = "When the power goes"
THEMES = (REACH, BILL, DOOR, HOME, MONEY, DARK)

UNITS = (
    UnitPlan(
        "CUS", "Customer operations", "Customer ops", "beatriz", None, ("Customer Ops", "CustOps")
    ),
    UnitPlan(
        "HLP", "Helpline", "Helpline", "dmitri", "CUS", ("Call centre", "Phones", "Customer line")
    ),
    UnitPlan("SHP", "Shops", "Shops", "giulia", "CUS", ("High street", "Branches")),
    UnitPlan(
        "MET",
        "Meters and home visits",
        "Meters",
        "callum",
        "CUS",
        ("Metering", "Field engineers", "Home visits"),
        deputy="wei",
        deputy_from=9,
        deputy_until=-12,
    ),
    UnitPlan("BIL", "Bills and payments", "Bills", "priyanka", None, ("Billing dept.", "Accounts")),
    UnitPlan("SYS", "Systems and data", "Systems", "arash", None, ("IT", "Information systems")),
    UnitPlan("WEB", "App and web", "App", "jiaqi", "SYS", ("Online", "E-channels")),
    UnitPlan("RSK", "Rules and risk", "Rules", "solveig", None, ("Compliance", "Legal")),
)

PARTNERS = (
    PartnerPlan(
        "kitewright",
        "Kitewright Metering",
        "callum",
        "Fits and exchanges meters in Skelby, Dunmoor and the islands",
        "Acknowledge within two working days; two-hour windows; a visit missed is repaid by them.",
        (
            ContactPlan("rosa", "Rosa Quint", "Operations lead"),
            ContactPlan("bahram", "Bahram Tehrani", "Scheduling"),
        ),
        ("Kitewright", "KW Metering"),
    ),
    PartnerPlan(
        "tessaly",
        "Tessaly Voice",
        "dmitri",
        "Answers the helpline in the evening and at weekends",
        "Same knowledge pages as our own desk; calls recorded; monthly listening session together.",
        (
            ContactPlan("samuel", "Samuel Adler", "Account director"),
            ContactPlan("noor", "Noor Hussaini", "Training lead"),
        ),
        ("Tessaly", "Evening desk"),
    ),
    PartnerPlan(
        "pagemill",
        "Pagemill Print and Post",
        "priyanka",
        "Prints, folds and posts bills and letters",
        "Proofs in three working days; large print and braille leave on the same day as the rest.",
        (ContactPlan("oona", "Oona Lehtinen", "Client manager"),),
        ("Pagemill",),
    ),
    PartnerPlan(
        "orrery",
        "Orrery Ledger Systems",
        "arash",
        "Makers of the billing system",
        "Four releases a year; a fault that stops bills is answered the same day.",
        (ContactPlan("xinyi", "Lin Xinyi", "Customer engineer"),),
        ("Orrery", "Orrery Ledger"),
    ),
)

BOARDS = (
    BoardPlan("Whole portfolio", "unit"),
    BoardPlan(BILL, "sponsor", theme=BILL),
    BoardPlan(DOOR, "partner", theme=DOOR),
    BoardPlan(REACH, "health", theme=REACH),
    BoardPlan("Blocked, and mine to chase", "none", blocked=True, owner="nadia"),
)
