"""The blueprint of this room; the views hang on it."""

from flask import Blueprint

pages = Blueprint("approvals", __name__)
