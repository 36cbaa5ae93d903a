"""Feeds: one's own due dates at a secret address, for the calendar program of whoever made it."""
