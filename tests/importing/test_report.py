"""The report accounts for every row."""

from __future__ import annotations

import csv
import io
import json

from tracker.importing.report import Outcome, Report, Result

REPORT = Report(
    [
        Result(2, Outcome.created, "Hubs"),
        Result(3, Outcome.changed, "=cmd()", "", "matched by name", ("name", "unit")),
        Result(4, Outcome.rejected, "C", "rating", "“PURPLE” is not a colour here."),
        Result(5, Outcome.unchanged, "D"),
    ]
)


def test_totals_add_up_and_make_one_line_of_json() -> None:
    totals = json.loads(REPORT.line(dry_run=True))
    assert totals == {
        "rows": 4,
        "created": 1,
        "changed": 1,
        "unchanged": 1,
        "rejected": 1,
        "dry_run": True,
    }
    assert "\n" not in REPORT.line()


def test_the_report_as_csv_names_column_and_reason_and_runs_nothing() -> None:
    body = REPORT.as_csv({"name": "Name", "unit": "Lead unit"})
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Line", "Result", "Name", "Column", "Reason", "Changes"]
    assert rows[2] == ["3", "Changed", "'=cmd()", "", "matched by name", "Name, Lead unit"]
    assert rows[3][3:5] == ["rating", "“PURPLE” is not a colour here."]


def test_a_report_can_be_kept() -> None:
    assert Report.from_json(json.loads(json.dumps(REPORT.as_json()))) == REPORT
