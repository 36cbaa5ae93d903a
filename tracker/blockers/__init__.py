"""Blockers: what stops work, who owes it, who waits for it, and since when."""
