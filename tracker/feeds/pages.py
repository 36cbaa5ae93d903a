"""The blueprint that every view of this room hangs on."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("feeds", __name__)
