"""The schedule on DBOS: every hour, what is due; once more at each start, for the time that nobody was there; and every
night, whether the books are what the facts come to.

DBOS keeps its books outside our transactions (SQLite: a file of its own; PostgreSQL: a schema of its own), so
every step may run twice and changes nothing the second time. Each process has an executor id of its own: a
lock file in the data folder, which the next process of this machine takes over when this one is gone.
"""

from __future__ import annotations

import fcntl
import logging
import socket
from datetime import UTC, datetime
from typing import IO, Any

from dbos import DBOS, DBOSConfig

from app import database, settings
from app.jobs import due, friends, goals, rebuilding, reminders, retention
from app.jobs.store import SCHEMA, address
from app.settings import Settings
from members.actions.reminding import Sender

VERSION = "9"  # of the workflows: pinned, so that an update of anything else does not orphan what is running
EVERY_HOUR = "0 * * * *"
EVERY_FIVE_MINUTES = "*/5 * * * *"
EVERY_NIGHT = "30 2 * * *"
EXECUTORS_MAX = 64

log = logging.getLogger(__name__)
_held: list[IO[str]] = []


def start(chosen: Settings) -> None:
    """Open DBOS, set the schedule, and catch up. In a worker thread: it talks to the database."""
    config: DBOSConfig = {
        "name": "regulars",
        "system_database_url": address(chosen),
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": _executor_id(chosen),
        "log_level": "WARNING",
        "enable_otlp": False,
        "max_executor_threads": 4,
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.apply_schedules(
        [
            {"schedule_name": "hourly", "workflow_fn": hourly, "schedule": EVERY_HOUR, "context": None},
            {"schedule_name": "often", "workflow_fn": often, "schedule": EVERY_FIVE_MINUTES, "context": None},
            {"schedule_name": "nightly", "workflow_fn": nightly, "schedule": EVERY_NIGHT, "context": None},
        ]
    )
    DBOS.start_workflow(hourly, datetime.now(UTC), None)
    DBOS.start_workflow(often, datetime.now(UTC), None)


def stop() -> None:
    """Close DBOS, and let go of the executor id."""
    DBOS.destroy(workflow_completion_timeout_sec=5)
    while _held:
        _held.pop().close()


def _executor_id(chosen: Settings) -> str:
    """This machine's name and the first number that no living process holds."""
    chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(EXECUTORS_MAX):
        file = (chosen.data_dir / f"jobs-{number}.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        _held.append(file)
        return f"{socket.gethostname()}-{number}"
    raise RuntimeError(f"{EXECUTORS_MAX} processes run jobs here already")


@DBOS.workflow(name="hourly")
def hourly(at: datetime, context: Any) -> None:
    """Everything that is due by now; `at` is when it was meant to start, which does not matter."""
    wake_stranded_facts()
    advance_members()
    expire_redemptions()
    lapse_redemptions()
    count_holders()
    follow_boards()
    follow_goals()
    close_seasons()
    erase_left()
    sweep()
    close_requests()
    remind()
    record_occasions()


@DBOS.workflow(name="often")
def often(at: datetime, context: Any) -> None:
    """What staff planned for a moment, refunds that missed their order, checkouts and gifts that came to nothing."""
    wake_stranded_facts()
    publish_drafts()
    lapse_payments()
    lapse_gifts()
    follow_friends()


@DBOS.workflow(name="nightly")
def nightly(at: datetime, context: Any) -> None:
    """Some members' histories are weighed again."""
    rebuild_some()


@DBOS.step(name="rebuild_some", retries_allowed=True)
def rebuild_some() -> int:
    """What is found is in the log and the audit; returns how many members that is."""
    return len(rebuilding.rebuild_some(_engine(), datetime.now(UTC)))


@DBOS.step(name="publish_drafts", retries_allowed=True)
def publish_drafts() -> int:
    """Badges and challenges whose moment has come become part of the programme."""
    return due.publish_drafts(_engine(), datetime.now(UTC))


@DBOS.step(name="lapse_payments", retries_allowed=True)
def lapse_payments() -> int:
    """What was set aside for orders that were not placed is given back."""
    return due.lapse_payments(_engine(), datetime.now(UTC))


@DBOS.step(name="lapse_gifts", retries_allowed=True)
def lapse_gifts() -> int:
    """What was set aside for gifts that nobody took in time is given back."""
    return due.lapse_gifts(_engine(), datetime.now(UTC))


@DBOS.step(name="wake_stranded_facts", retries_allowed=True)
def wake_stranded_facts() -> int:
    """Refunds that missed their order by a moment find it."""
    return due.wake_stranded_facts(_engine(), datetime.now(UTC))


@DBOS.step(name="follow_friends", retries_allowed=True)
def follow_friends() -> int:
    """Purchases of friends that nobody followed count for who brought them."""
    return friends.follow_late(_engine(), datetime.now(UTC))


@DBOS.step(name="advance_members", retries_allowed=True)
def advance_members() -> int:
    """Points expire, tiers end."""
    return due.advance_members(_engine(), datetime.now(UTC))


@DBOS.step(name="record_occasions", retries_allowed=True)
def record_occasions() -> int:
    """Birthdays and years of membership become facts on their day."""
    return due.record_occasions(_engine(), datetime.now(UTC))


@DBOS.step(name="expire_redemptions", retries_allowed=True)
def expire_redemptions() -> int:
    """Rewards that nobody used are over."""
    return due.expire_redemptions(_engine(), datetime.now(UTC))


@DBOS.step(name="lapse_redemptions", retries_allowed=True)
def lapse_redemptions() -> int:
    """Rewards that nobody fetched give their points back."""
    return due.lapse_redemptions(_engine(), datetime.now(UTC))


@DBOS.step(name="count_holders", retries_allowed=True)
def count_holders() -> int:
    """How rare each badge is."""
    return due.count_badges(_engine(), datetime.now(UTC))


@DBOS.step(name="follow_goals", retries_allowed=True)
def follow_goals() -> int:
    """What members bring to goals is gathered, and what is reached is paid."""
    return goals.follow_goals(_engine(), datetime.now(UTC))


@DBOS.step(name="follow_boards", retries_allowed=True)
def follow_boards() -> int:
    """Lists of boards that nobody followed are up to date."""
    return due.follow_boards(_engine(), datetime.now(UTC))


@DBOS.step(name="close_seasons", retries_allowed=True)
def close_seasons() -> int:
    """Seasons that are over and settled are closed, and give their prizes."""
    return due.close_seasons(_engine(), datetime.now(UTC))


@DBOS.step(name="sweep", retries_allowed=True)
def sweep() -> None:
    """Old news go, and what was kept for a while."""
    due.sweep(_engine(), datetime.now(UTC))
    retention.forget(_engine(), datetime.now(UTC))


@DBOS.step(name="close_requests", retries_allowed=True)
def close_requests() -> int:
    """What nobody agreed to in time is closed."""
    return due.close_requests(_engine(), datetime.now(UTC))


@DBOS.step(name="remind", retries_allowed=True)
def remind() -> int:
    """Who agreed to it is told of points that expire soon."""
    chosen = settings.current()
    by = Sender(chosen.public_url.rstrip("/"), settings.secret(chosen))
    return reminders.remind(_engine(), by, datetime.now(UTC))


@DBOS.step(name="erase_left", retries_allowed=True)
def erase_left() -> int:
    """Who left long ago is erased."""
    return retention.erase_left(_engine(), datetime.now(UTC))


def _engine() -> Any:
    return database.shared(settings.current().database_url)
