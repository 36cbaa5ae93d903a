"""Charters of *When the power goes*."""

from __future__ import annotations

from tracker.demo.shapes import CharterPlan as C

CHARTERS = {
    "text-first": C(
        "I hear from you before I find the candles.",
        "Unplanned cuts on the Skelby ring, day and night; then Dunmoor.",
        "Cuts in a single house, which nobody sees but the house.",
        "Minutes to the first text: ten. Second text when it was promised: always. Calls during a "
        "cut: halved.",
        "Fifteen months. 149,000.",
        "One wrong street and nobody believes the next text.",
    ),
    "machines-first": C(
        "You ring me. I do not wait in a queue with a battery in my hand.",
        "Homes on the care register with a machine that needs power.",
        "Hospitals and care homes, which have their own arrangements.",
        "Homes rung within ten minutes of a cut: all. Register entries that are right: 95 in a "
        "hundred.",
        "Ten months. 110,000, most of it for vans.",
        "A list that is wrong sends the van to the wrong house.",
    ),
    "planned-date": C(
        "You said Thursday, and it is Thursday.",
        "Planned cuts for work on the network, in all districts.",
        "Emergency repairs.",
        "Dates moved, from 28 to 5 in a hundred. Moved with less than three days' word: none.",
        "A year. 45,000.",
        "Permits are not ours to give.",
    ),
    "cut-map": C(
        "I look once and know whether it is only me.",
        "A page that opens on any telephone.",
        "The app.",
        "People who find their street within ten seconds: nine in ten.",
        "Half a year. 48,000.",
        "Perhaps nobody wants a map in the dark.",
    ),
}
