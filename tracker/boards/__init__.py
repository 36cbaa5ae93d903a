"""Boards: saved filters and lanes over the initiatives one may see, live."""
