"""Pages of modules: while a module is off, they do not exist for anybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from tracker.errors import Missing
from tracker.organisation.settings import Organisation

View = Callable[..., Any]


def of_module(name: str) -> Callable[[View], View]:
    """Declare that a view belongs to a module; stands above `@allow`, so that 404 comes before any 403."""

    def declare(view: View) -> View:
        @wraps(view)
        def road(**args: Any) -> Any:
            if name not in Organisation.current().modules:
                raise Missing
            return view(**args)

        return road

    return declare
