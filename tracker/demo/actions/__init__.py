"""What was and is to be done on the initiatives: by partners, and by our own people."""

from __future__ import annotations

from tracker.demo.actions import earlier, evening, meters, ours, paper

ACTIONS = meters.ACTIONS + evening.ACTIONS + paper.ACTIONS + ours.ACTIONS + earlier.ACTIONS
