"""What the leads reported, fortnight by fortnight or month by month, one file for each theme."""

from __future__ import annotations

from tracker.demo.progress import bill, dark, door, home, money, reach

UPDATES = reach.UPDATES | bill.UPDATES | door.UPDATES | home.UPDATES | money.UPDATES | dark.UPDATES
