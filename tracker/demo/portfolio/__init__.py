"""The thirty-four initiatives, one file for each theme."""

from __future__ import annotations

from tracker.demo.portfolio import bill, dark, door, home, money, reach

INITIATIVES = (
    reach.INITIATIVES
    + bill.INITIATIVES
    + door.INITIATIVES
    + home.INITIATIVES
    + money.INITIATIVES
    + dark.INITIATIVES
)
