"""Throughline: who owns the customer's friction, and which silo stands in the way."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask

from tracker import (
    assets,
    charts,
    cookies,
    db,
    errors,
    fitting,
    front,
    gate,
    migrating,
    models,
    navigation,
    packing,
    paging,
    paths,
    rooms,
    security,
    troubled,
    web,
    whence,
    wording,
)
from tracker.activity import chain
from tracker.config import settings_from_environment


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Return the application. `settings` replaces what the `TRACKER_*` variables would say.

    Raises `Misconfigured` with every problem at once when it cannot run as it is set up.
    """
    app = Flask("tracker", template_folder=str(paths.TEMPLATES), static_folder=None)
    app.config.update(settings if settings is not None else settings_from_environment(os.environ))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    chain.use_key(app.config["AUDIT_KEY"])
    cookies.init_app(app)
    db.init_app(app)
    migrating.init_app(app)
    assets.init_app(app)
    charts.init_app(app)
    paging.init_app(app)
    packing.init_app(app)
    whence.init_app(app)
    security.init_app(app)
    gate.init_app(app)
    web.init_app(app)
    wording.init_app(app)
    navigation.init_app(app)
    errors.init_app(app)
    troubled.init_app(app)
    fitting.init_app(app)
    rooms.init_app(app)
    front.init_app(app)
    return app


__all__ = ["create_app", "models"]
