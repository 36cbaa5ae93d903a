"""The rooms that are open: their pages, and what each tells the rooms below it."""

from __future__ import annotations

from flask import Flask

from tracker.activity.sentences import namers
from tracker.health import pages as health
from tracker.organisation import lookups
from tracker.organisation.views import pages as organisation

PAGES = (health, organisation)


def init_app(app: Flask) -> None:
    """Register every room's pages and what the trail asks of it."""
    for pages in PAGES:
        app.register_blueprint(pages)
    namers.update(lookups.namers)
