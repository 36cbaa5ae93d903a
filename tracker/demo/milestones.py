"""The results on the way that leads planned beside the gates: reached, moved, dropped, and still ahead."""

from __future__ import annotations

from tracker.demo.shapes_of_milestones import FoundPlan, MilestonePlan, MovePlan

MILESTONES = (
    MilestonePlan(
        "one-envelope", "Dunmoor gets one letter a month", planned=84, due=20,
        criteria=("No household in Dunmoor had two letters in a month", "Ten households say the letter is clear"),
        moves=(
            MovePlan(47, -6, "Pagemill's gate opens only by hand, and the woman with the clipboard is on leave."),
            MovePlan(12, -18, "Legal letters still come beside the others; their dates allow no waiting."),
        ),
        found=(FoundPlan(9, 1, "We rang twelve in Dunmoor. Eleven could say what the letter wanted."),),
    ),
    MilestonePlan(
        "one-envelope", "All letters are in one calendar", planned=84, due=60, criteria=("Every unit that writes has entered its dates",),
        found=(FoundPlan(63, 0, "Nine of nine units; the list hangs in the calendar itself."),), reached=62,
    ),
    MilestonePlan(
        "one-envelope", "Reminders listen to payments", planned=80, due=-40, criteria=("A reminder stops within a day of a payment",),
        measures=("no_blockers",),
    ),
    MilestonePlan(
        "my-language", "Ten languages are on the line", planned=120, due=30,
        criteria=("A caller hears the choice in the language itself",), measures=("no_blockers",),
        moves=(MovePlan(38, -25, "The interpreters of two languages start a month later."),),
    ),
    MilestonePlan("sunday-topup", "Sunday nights are watched by somebody", planned=130, due=-9),
    MilestonePlan(
        "text-first", "Four thousand homes have a text before they ring", planned=108, due=5,
        criteria=("Three of four say the text came first",),
        found=(FoundPlan(6, 0, "Asked by text on Monday: 311 of 402."),),
    ),
    MilestonePlan(
        "one-visit-swap", "Every van carries both meters", planned=196, due=150,
        criteria=("No second visit for want of a meter in a month",),
        moves=(MovePlan(161, 128, "Kitewright delivers the racks in two lots."),),
        found=(FoundPlan(127, 0, "March: 1,914 visits, none broken off for want of a meter."),), reached=126,
    ),
    MilestonePlan(
        "two-hours", "The window stands in the text the evening before", planned=360, due=300, reached=303,
    ),
    MilestonePlan(
        "two-hours", "Customers choose the window in the app", planned=360, due=200, dropped=240,
        words="Six calls a week ask for it. The name of the person matters more.",
    ),
    MilestonePlan(
        "tell-us-once", "Banks and council hear it from us", planned=340, due=45, criteria=("Families name nobody they had to tell again",),
        moves=(MovePlan(58, -12, "The council signs the agreement after its summer break."),),
    ),
    MilestonePlan(
        "debt-letters", "Letters tested with people in debt", planned=240, due=-15, criteria=("Eight of ten opened it",),
    ),
    MilestonePlan(
        "moving-house", "The landlord's part is one question", planned=220, due=90, criteria=("Half of all moves ask it once",),
        found=(FoundPlan(97, 0, "58 per cent in the last full month."),), reached=96,
    ),
)  # fmt: skip
