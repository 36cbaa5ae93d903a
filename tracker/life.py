"""The life of a thing in one table of moves, and what each of its verbs asks first: may it follow the present state?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tracker.errors import NotNow


@dataclass(frozen=True)
class Life:
    """From which states each verb leads where (None moves nothing), which states are open, and which are the end.

    `refusal` says why a verb cannot follow a state, and what can.
    """

    moves: Mapping[Any, tuple[Collection[Any], Any]]
    open: Collection[Any]
    over: Collection[Any]
    refusal: Callable[[Any, Any], str]


class Living:
    """What has a state, which verbs alone move on. A room declares its `life`."""

    if TYPE_CHECKING:
        state: Any

    life: ClassVar[Life]

    @property
    def is_open(self) -> bool:
        """Whoever has it has the next word."""
        return self.state in self.life.open

    @property
    def is_over(self) -> bool:
        """Nobody has to act any more."""
        return self.state in self.life.over

    def can(self, verb: Any) -> bool:
        """Tell whether `verb` may follow the present state."""
        return self.state in self.life.moves[verb][0]

    def check(self, verb: Any) -> Any:
        """Return the state that `verb` leads to. Raises `NotNow` where it cannot follow the present one."""
        if not self.can(verb):
            raise NotNow(self.life.refusal(verb, self.state))
        return self.life.moves[verb][1] or self.state
