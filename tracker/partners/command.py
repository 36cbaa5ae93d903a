"""`tracker scorecards`: what is kept of partners' work, held against the trail."""

from __future__ import annotations

import json

import click
from sqlalchemy import select

from tracker import create_app
from tracker.db import db, writing
from tracker.organisation.partners import Partner
from tracker.partners.quarters import Quarter
from tracker.partners.recounting import Difference, differences, mend, recount


@click.command("scorecards")
@click.option("--mend", "mends", is_flag=True, help="Keep what the trail says.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def scorecards_command(*, mends: bool, as_json: bool) -> None:
    """Count every partner's scorecard again from the trail, and say where what is kept differs.

    Exit code 0 when nothing differs or it was mended, 1 when something differs. Working days are counted by the
    calendars of today.
    """
    app = create_app()
    with app.app_context():
        found = recount()
        told = differences(found)
        names = dict(db.session.execute(select(Partner.id, Partner.name)).tuples().all())
        rows = len(found.facts)
        db.session.rollback()
        if mends and told:
            with writing():
                rows = mend()
    if as_json:
        lines = [{**vars(one), "quarter": Quarter(one.quarter).key} for one in told]
        click.echo(json.dumps({"rows": rows, "differences": lines, "mended": mends and bool(told)}))
    else:
        for one in told:
            click.echo(_line(one, names.get(one.partner_id, str(one.partner_id))))
        click.echo(_summary(rows, len(told), mended=mends))
    if told and not mends:
        raise SystemExit(1)


def _line(one: Difference, name: str) -> str:
    where = f"{name}, {Quarter(one.quarter).key}, {one.what}"
    if one.what.startswith("rows of "):
        return f"{where}: {one.kept} differ."
    return f"{where}: {one.kept} is kept, the trail says {one.counted}."


def _summary(rows: int, differ: int, *, mended: bool) -> str:
    if not differ:
        return f"{rows} rows counted; what is kept is what the trail says."
    if mended:
        return f"{rows} rows counted; {differ} differences are mended."
    return f"{rows} rows counted; {differ} differences. 'tracker scorecards --mend' keeps what the trail says."
