"""Workers that do jobs side by side while one after the other is killed: `python -m tests.notices.gang URL FOLDER WORKERS KILLS [SMTP]`.

The jobs `line` write their own line into a ledger, mails go to the server at SMTP. Leases and pauses are short. Prints, as
JSON, how many workers were killed, and how long it took.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from tests.conftest import settings
from tracker import create_app
from tracker.clock import now
from tracker.db import Busy, db, writing
from tracker.notices import jobs, smtp, working
from tracker.notices.jobs import Job, JobState, Taken

LEASE, PAUSE = timedelta(seconds=1.5), timedelta(seconds=0.4)
ANSWER = 0.3  # seconds in which a mail server has to answer
PATIENCE = 120  # seconds for all of it


def enqueue_all(count: int) -> None:
    """Make the ledger, and as many jobs."""
    with writing() as session:
        session.execute(text("CREATE TABLE ledger (job INTEGER NOT NULL)"))
        common = {"kind": "line", "state": JobState.waiting, "error": "", "tries": 0}
        rows = [
            {**common, "about": {"n": n}, "made_at": now(), "due_at": now()} for n in range(count)
        ]
        session.execute(insert(Job), rows)


def write_line(job: Taken) -> None:
    """Do a job: its line, and its end, in one transaction."""
    with writing() as session:
        session.execute(text("INSERT INTO ledger VALUES (:n)"), {"n": job.about["n"]})
        time.sleep(0.002)
        job.done()


def _work(app: Any) -> None:
    """Do jobs for as long as whoever started this lives."""
    parent = os.getppid()
    with app.app_context():
        db.engine.dispose(close=False)
        working.workers["line"] = write_line
        while os.getppid() == parent:
            try:
                if not working.do_due(now()):
                    time.sleep(0.05)
            except Busy:
                time.sleep(0.01)


def set_to_work(url: str, folder: Path, workers: int, kills: int, *smtp_url: str) -> dict[str, Any]:
    """Let such a gang do all jobs there are; return what it prints."""
    command = [sys.executable, "-m", "tests.notices.gang", url, str(folder), str(workers)]
    told = subprocess.run(
        [*command, str(kills), *smtp_url], capture_output=True, check=True, timeout=200, text=True
    )
    return json.loads(told.stdout)


def _fork(app: Any) -> int:
    child = os.fork()
    if not child:
        try:
            _work(app)
        finally:
            os._exit(1)
    return child


def _left(app: Any) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM job")).scalar_one()


def main() -> None:
    url, folder, workers, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    jobs.LEASE, jobs.FIRST_PAUSE, jobs.LONGEST_PAUSE, smtp.PATIENCE = LEASE, PAUSE, PAUSE, ANSWER
    app = create_app(settings(url, folder))
    app.config["SMTP_URL"] = sys.argv[5] if len(sys.argv) > 5 else None
    began, killed = time.monotonic(), 0
    lot = random.Random(11)
    gang = [_fork(app) for _ in range(workers)]
    try:
        while time.monotonic() - began < PATIENCE and _left(app):
            with app.app_context():
                db.engine.dispose()
            time.sleep(lot.uniform(0.05, 0.25))
            if killed < kills:
                victim = gang.pop(lot.randrange(len(gang)))
                os.kill(victim, signal.SIGKILL)
                os.waitpid(victim, 0)
                killed += 1
                gang.append(_fork(app))
    finally:
        for one in gang:
            os.kill(one, signal.SIGKILL)
            os.waitpid(one, 0)
    sys.stdout.write(json.dumps({"killed": killed, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    main()
