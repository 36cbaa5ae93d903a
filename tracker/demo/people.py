"""The thirty people of Lanternby Energy: executives, managers, unit heads and members."""

from __future__ import annotations

from tracker.demo.shapes import PersonPlan as P

OWNER = "leila"
ALTERNATE = "yuhua"
FINANCE = ("lucia",)
ADMINISTRATOR = "joanna"

EXECUTIVES = (
    P("leila", "Leila Farahani", "executive", "CUS", "Chief customer officer"),
    P("gustav", "Gustav Ekberg", "executive", "CUS", "Chief operating officer"),
    P("yuhua", "Chen Yuhua", "executive", "SYS", "Chief information officer"),
    P("amara", "Amara Nwosu", "executive", "BIL", "Chief financial officer"),
    P("pieter", "Pieter van Houten", "executive", "SHP", "Chief commercial officer"),
)

MANAGERS = (
    P("nadia", "Nadia Brennan", "manager", "CUS", "Customer experience programme manager"),
    P("kwabena", "Kwabena Asante", "manager", "CUS", "Customer experience programme manager"),
    P("min", "Zhou Min", "manager", "CUS", "Programme manager, homes and meters", "zh_Hans"),
)

HEADS = (
    P("beatriz", "Beatriz Fonseca", "member", "CUS", "Head of customer operations"),
    P("dmitri", "Dmitri Halonen", "member", "HLP", "Head of the helpline"),
    P("giulia", "Giulia Ferrante", "member", "SHP", "Head of shops"),
    P("callum", "Callum Reid", "member", "MET", "Head of meters and home visits"),
    P("priyanka", "Priyanka Menon", "member", "BIL", "Head of bills and payments"),
    P("arash", "Arash Moradi", "member", "SYS", "Head of systems and data"),
    P("jiaqi", "Wu Jiaqi", "member", "WEB", "Head of app and web"),
    P("solveig", "Solveig Aune", "member", "RSK", "Head of rules and risk"),
)

DUTIES = (
    P("mehmet", "Mehmet Yalçın", "auditor", "RSK", "Internal auditor"),
    P("joanna", "Joanna Kowalczyk", "member", "SYS", "Workplace systems", administrator=True),
    P("lucia", "Lucia Hartmann", "member", "BIL", "Finance controller"),
)

MEMBERS = (
    P("parisa", "Parisa Kamali", "member", "CUS", "Voice of the customer lead", "fa"),
    P("sunita", "Sunita Rao", "member", "WEB", "Service designer"),
    P("aisling", "Aisling Byrne", "member", "HLP", "Helpline coach"),
    P("tomasz", "Tomasz Wrona", "member", "BIL", "Billing process owner"),
    P("fang", "Liu Fang", "member", "SYS", "Data analyst", "zh_Hans"),
    P("emeka", "Emeka Obi", "member", "SYS", "Integration engineer"),
    P("farid", "Farid Zand", "member", "WEB", "App developer"),
    P("sefa", "Sefa Tuilagi", "member", "SHP", "Manager of the Port Ellery shop"),
    P("wei", "Huang Wei", "member", "MET", "Visit planner"),
    P("ingrid", "Ingrid Solberg", "member", "RSK", "Legal adviser"),
    P(
        "marguerite",
        "Marguerite Leclerc",
        "member",
        "CUS",
        "Adviser, formerly chief service officer",
        was="executive",
        changed=13,
    ),
)

PEOPLE = EXECUTIVES + MANAGERS + HEADS + DUTIES + MEMBERS
