"""The demo accounts, one for each role: the README and the start message read this list.

They exist in demo data alone. The addresses lie in domains reserved for examples, so no mail can
ever arrive.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "copper-kettle-monday"  # noqa: S105  (public on purpose: it opens invented data alone)


@dataclass(frozen=True)
class Account:
    """One way in: the role it shows, the e-mail and password to type, the name on the page."""

    role: str
    email: str
    password: str
    name: str
    key: str


ACCOUNTS = (
    Account("manager", "nadia.brennan@example.com", PASSWORD, "Nadia Brennan", "nadia"),
    Account("executive", "gustav.ekberg@example.com", PASSWORD, "Gustav Ekberg", "gustav"),
    Account("owner", "leila.farahani@example.com", PASSWORD, "Leila Farahani", "leila"),
    Account("head", "arash.moradi@example.com", PASSWORD, "Arash Moradi", "arash"),
    Account("member", "aisling.byrne@example.com", PASSWORD, "Aisling Byrne", "aisling"),
    Account("partner", "rosa.quint@kitewright.example.org", PASSWORD, "Rosa Quint", "rosa"),
    Account("partner b", "samuel.adler@tessaly.example.org", PASSWORD, "Samuel Adler", "samuel"),
    Account("finance", "lucia.hartmann@example.com", PASSWORD, "Lucia Hartmann", "lucia"),
    Account("auditor", "mehmet.yalcin@example.com", PASSWORD, "Mehmet Yalçın", "mehmet"),
    Account("admin", "joanna.kowalczyk@example.com", PASSWORD, "Joanna Kowalczyk", "joanna"),
)
