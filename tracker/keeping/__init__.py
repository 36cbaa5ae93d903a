"""Backups: one sealed archive that holds everything, and the way back into an empty place."""
