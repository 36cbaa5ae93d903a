"""Initiatives: one improvement project around one customer friction, with exactly one sponsor."""
