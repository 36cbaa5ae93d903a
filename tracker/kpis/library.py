"""Ready measures of customer experience, to begin a KPI from: what each says, how it is worked out, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracker.kpis.measures import Cadence, Good, Layer
from tracker.wording import lazy as _l


@dataclass(frozen=True)
class Measure:
    """One ready measure. `origin` is cited as it was published, so it is not translated."""

    code: str
    name: Any
    definition: Any
    formula: Any
    origin: str
    measure: str = "%"
    by_parts: bool = True
    factor: float = 100.0
    good: Good = Good.up
    scale_low: float | None = 0.0
    scale_high: float | None = 100.0
    layer: Layer = Layer.outcome
    cadence: Cadence = Cadence.monthly
    places: int = 1

    @property
    def fields(self) -> dict[str, Any]:
        """What a form for a new KPI shows of it."""
        texts = {name: str(getattr(self, name)) for name in ("name", "definition", "formula")}
        names = ("code", "origin", "measure", "by_parts", "factor", "good", "scale_low", "scale_high", "layer", "cadence",
        "places")  # fmt: skip
        return texts | {name: getattr(self, name) for name in names}


_BOOK = "Farris et al., Marketing Metrics, 4th ed., Pearson 2020"
_ISO = "ISO 18295-1:2017, Customer contact centres"
_DIXON = "Dixon, Freeman, Toman, Stop Trying to Delight Your Customers, Harvard Business Review, July 2010"
_COPC = "COPC CX Standard, release 7.0"

LIBRARY = (
    Measure(
        "NPS", _l("Net Promoter Score"),
        _l(
            "How many would recommend us, less how many would rather warn of us. Asked with “How likely are "
            "you to recommend us to a friend or colleague?”, 0 to 10."),
        _l("(answers 9 and 10 − answers 0 to 6) ÷ all answers × 100"),
        "Reichheld, The One Number You Need to Grow, Harvard Business Review, December 2003",
        measure="", scale_low=-100.0, cadence=Cadence.quarterly,
    ),
    Measure(
        "CSAT", _l("Customer satisfaction"), _l(
            "The share of customers who say that they were satisfied with what they just went through."),
        _l("answers in the top two boxes of five ÷ all answers × 100"), "ISO 10004:2018, clause 7",
    ),
    Measure(
        "CES7", _l("Customer Effort Score, agreement (7 is best)"), _l(
            "How far customers agree that “the company made it easy for me to handle my issue”, 1 to 7. "
            "Higher is better."),
        _l("sum of the answers ÷ number of answers"), "CEB (Gartner), Customer Effort Score 2.0, 2013",
        measure="", factor=1.0, scale_low=1.0, scale_high=7.0, layer=Layer.driver, places=2,
    ),
    Measure(
        "CES5", _l("Customer Effort Score, effort (1 is best)"), _l(
            "How much effort customers say they had to put in, 1 (very low) to 5 (very high). Lower is "
            "better."),
        _l("sum of the answers ÷ number of answers"), _DIXON,
        measure="", factor=1.0, good=Good.down, scale_low=1.0, scale_high=5.0, layer=Layer.driver, places=2,
    ),
    Measure(
        "RETENTION", _l("Customer retention"), _l(
            "The share of customers at the beginning of the period who are still customers at its end; new "
            "ones do not count."),
        _l("customers at the end who were customers at the beginning ÷ customers at the beginning × 100"), _BOOK, cadence=Cadence.quarterly,
    ),
    Measure(
        "CHURN", _l("Customer churn"), _l("The share of customers at the beginning of the period who left during it."),
        _l("customers who left ÷ customers at the beginning × 100"), _BOOK, good=Good.down,
    ),
    Measure(
        "REPURCHASE", _l("Repurchase"), _l("The share of customers who bought again within a year of buying."),
        _l("customers who bought again within 12 months ÷ customers who bought × 100"), _BOOK, cadence=Cadence.quarterly,
    ),
    Measure(
        "CLV", _l("Customer lifetime value"), _l(
            "What a customer brings in over the whole time, in today's money, per customer. Write your "
            "currency as the unit."),
        _l("margin a year × retention ÷ (1 + discount rate − retention)"),
            ("Gupta, Lehmann, Customers as Assets, Journal of Interactive Marketing 17(1), 2003"),
        measure="", by_parts=False, factor=1.0, scale_low=None, scale_high=None, cadence=Cadence.yearly, places=0,
    ),
    Measure(
        "FCR", _l("First contact resolution"), _l(
            "The share of matters that were settled at the first contact, with none about the same thing in "
            "the days after it that you agree on."),
        _l("matters settled at the first contact ÷ all matters × 100"), _ISO, layer=Layer.driver,
    ),
    Measure(
        "COMPLAINTS", _l("Complaint rate"), _l("Complaints for each thousand customers served."),
        _l("complaints ÷ customers served × 1,000"), "ISO 10002:2018, Quality management, complaints handling, clause 8",
        measure="‰", factor=1000.0, good=Good.down, scale_high=None, layer=Layer.driver,
    ),
    Measure(
        "RESPONSE", _l("Response time"), _l("Hours from a customer's message to the first answer by a person."),
        _l("hours to the first answer, added up ÷ messages answered"), _COPC,
        measure="h", factor=1.0, good=Good.down, scale_high=None, layer=Layer.process,
    ),
    Measure(
        "RESOLUTION", _l("Resolution time"), _l("Days from a customer's message until the matter is settled for the customer."),
        _l("days until settled, added up ÷ matters settled"), _COPC,
        measure="d", factor=1.0, good=Good.down, scale_high=None, layer=Layer.process,
    ),
    Measure(
        "ESAT", _l("Employee satisfaction"), _l("The share of people here who say that they are satisfied with their work."),
        _l("answers in the top two boxes of five ÷ all answers × 100"),
        "Heskett et al., Putting the Service-Profit Chain to Work, Harvard Business Review, March 1994",
        layer=Layer.driver, cadence=Cadence.quarterly,
    ),
    Measure(
        "GROWTH", _l("Revenue growth"), _l("By how much revenue is above that of the same period a year ago."),
        _l("(revenue − revenue a year ago) ÷ revenue a year ago × 100"), _BOOK, scale_low=None, scale_high=None, cadence=Cadence.quarterly,
    ),
    Measure(
        "COST2SERVE", _l("Cost to serve"), _l("What serving costs for each customer. Write your currency as the unit."),
        _l("cost of service ÷ customers served"), _BOOK,
        measure="", factor=1.0, good=Good.down, scale_high=None, cadence=Cadence.quarterly, places=2,
    ),
)  # fmt: skip


def ready(code: str | None) -> Measure | None:
    """Return the ready measure with this code, or None."""
    return next((one for one in LIBRARY if one.code == code), None)
