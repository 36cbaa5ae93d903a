"""The lane of a partner's contacts: what is assigned to them, what waits for us, and nothing else (rules 20 and 21)."""
