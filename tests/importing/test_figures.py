"""Figures and amounts as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.importing.figures import money, number
from tracker.importing.values import decimal_mark
from tracker.importing.words import BadValue, scale_of


@pytest.mark.parametrize(
    ("text", "decimal", "figure"),
    [
        ("1059.0", ".", "1059"),
        ("1,059", ".", "1059"),
        ("1,059", ",", "1.059"),
        ("1.059,50", ".", "1059.5"),
        ("1,059.50", ",", "1059.5"),
        ("1 059,50", ".", "1059.5"),
        ("1'059.50", ".", "1059.5"),
        ("12,5", ".", "12.5"),
        ("1.234.567", ".", "1234567"),
        ("12,34,567", ".", "1234567"),
        ("-12.79", ".", "-12.79"),
        ("(5)", ".", "-5"),
        ("−3", ".", "-3"),
        ("5 %", ".", "5"),
        ("1.5e3", ".", "1500"),
        ("۱٬۰۵۹٫۵", ".", "1059.5"),
        ("178.97503285151117", ".", "178.97503285151117"),
    ],
)
def test_figures(text: str, decimal: str, figure: str) -> None:
    assert number(text, decimal) == Decimal(figure)


@pytest.mark.parametrize("text", ["", "-", "n/a", "none"])
def test_a_blank_cell_is_no_figure(text: str) -> None:
    assert number(text) is None
    assert money(text) is None


@pytest.mark.parametrize("text", ["twelve", "1,2,3.4.5", "12abc", "inf", "nan", "1e999", "9" * 20])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(BadValue) as raised:
        number(text)
    assert f"“{text}”" in raised.value.words


@pytest.mark.parametrize(
    ("text", "scale", "amount", "currency"),
    [
        ("£1,059.0", 1, "1059", "GBP"),
        ("1059.0", 1_000_000, "1059000000", None),
        ("12.5m", 1_000, "12500000", None),
        ("EUR 3 bn", 1, "3000000000", "EUR"),
        ("(£5k)", 1, "-5000", "GBP"),
        ("1.059,50 €", 1, "1059.50", "EUR"),
        ("5百万元", 1, "5000000", "CNY"),
        ("۵ میلیون تومان", 1, "5000000", "IRT"),
    ],
)
def test_money(text: str, scale: int, amount: str, currency: str | None) -> None:
    assert money(text, scale) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["a lot", "5 apples", "£", "9e15", "9999999bn"])
def test_what_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        money(text)


@pytest.mark.parametrize(
    ("heading", "scale"),
    [
        ("cost_m", 1_000_000),
        ("Cost (£m)", 1_000_000),
        ("Budget £bn", 1_000_000_000),
        ("预算（万）", 10_000),
        ("cost k", 1_000),
        ("Cost", 1),
        ("m", 1),
        ("Programme", 1),
    ],
)
def test_the_heading_tells_the_unit_of_an_amount(heading: str, scale: int) -> None:
    assert scale_of(heading) == scale


def test_the_column_tells_the_decimal_mark() -> None:
    assert decimal_mark(["1.059", "12,5", ""]) == ","
    assert decimal_mark(["1,059", "12.5"]) == "."
    assert decimal_mark(["1,059", "2,000"]) == "."
