"""The pages of KPIs, registered by several files of views."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("kpis", __name__)
