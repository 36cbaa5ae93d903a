"""Pages for whoever is not signed in yet, each with the languages it can be read in."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from tracker.languages import NAMES, html_lang
from tracker.web import render


def door(page: str, *, status: int = 200, **context: Any) -> Any:
    """Return a page for those who are not signed in, with the languages it can be read in."""
    here = request.full_path.rstrip("?") if request.method != "POST" else request.path
    languages = [
        {
            "tag": html_lang(tag),
            "name": name,
            "url": url_for("organisation.language", tag=html_lang(tag), next=here),
        }
        for tag, name in NAMES.items()
    ]
    return render(page, status=status, languages=languages, **context)
