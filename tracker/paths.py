"""Where the files that are not Python lie.

In a checkout, templates, static files and migrations stand beside the package, where people edit
them. In a wheel they are packed inside it, under ``_bundle``. The checkout is preferred, because
an editable install may leave an old copy in ``_bundle``. Nothing here depends on the folder that
the program was started from.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def checkout_of(package: Path) -> Path | None:
    """The checkout that holds ``package``, or None when the package was installed from a wheel.

    A checkout is recognised by its pyproject.toml: a folder called ``templates`` may lie beside
    an installed package by accident.
    """
    root = package.parent
    if (root / "pyproject.toml").is_file() and (root / "templates").is_dir():
        return root
    return None


ROOT = checkout_of(PACKAGE)
_OUTSIDE_THE_PACKAGE = ROOT if ROOT is not None else PACKAGE / "_bundle"

TEMPLATES = _OUTSIDE_THE_PACKAGE / "templates"
STATIC = _OUTSIDE_THE_PACKAGE / "static"
MIGRATIONS = _OUTSIDE_THE_PACKAGE / "migrations"
TRANSLATIONS = PACKAGE / "translations"
