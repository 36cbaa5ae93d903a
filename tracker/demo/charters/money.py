"""Charters of *When money is short*."""

from __future__ import annotations

from tracker.demo.shapes import CharterPlan as C

CHARTERS = {
    "sunday-topup": C(
        "I have paid, so there is light, on a Sunday as on a Monday.",
        "Prepayment meters topped up in shops, and somebody to ring at weekends.",
        "The price of prepayment.",
        "Payments without light after five minutes, from 640 a week to 30.",
        "A year. 134,000.",
        "The oldest meters hang in the poorest homes.",
    ),
    "plan-in-one-call": C(
        "I dare to ring once, and when I hang up I know what I pay and when.",
        "Plans up to 1,200, agreed by whoever answers.",
        "Forgiving debts.",
        "People with a plan a month after asking, from 37 to 90 in a hundred. Plans kept: 75.",
        "Sixteen months and a year of proof. 88,000.",
        "Limits set too low are a polite no.",
    ),
    "tell-us-once": C(
        "I say it once, to somebody who listens, and nothing comes with his name on it.",
        "Customers who die, and the families who tell us. Every letter that could leave.",
        "Inheritance disputes.",
        "Contacts per family, from 5 to 1.5. Letters to the dead: none.",
        "Twenty months, slowly. 64,000.",
        "The colleagues who do this work need looking after more than any system does.",
    ),
    "debt-letters": C(
        "I can open it. The first thing in it is a way out.",
        "Reminders to households, envelope included.",
        "Court papers, which must look as they look.",
        "People who ring within three days of a reminder, from 8 to 30 in a hundred.",
        "Nine months. 33,000.",
        "The legal notice is being rewritten and we do not know by when.",
    ),
}
