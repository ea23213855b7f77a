"""What becomes of the words of the directory with time: a week that is over is no week with free hours."""

from datetime import timedelta

from backend.core import clock
from backend.core.jobs import Work, every, job
from backend.firms import queries

SWEEP = "firms.sweep"


@job(SWEEP)
def sweep(work: Work) -> None:
    today = clock.today()
    queries.drop_past_free_tags(work.session, today - timedelta(days=today.weekday()))


every(SWEEP, timedelta(days=1), at=timedelta(minutes=5))
