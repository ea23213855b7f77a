"""What becomes of the words of the directory with time: a week that is over is no week with free hours."""

from datetime import timedelta

from backend.core import clock
from backend.core.jobs import Work, every, job
from backend.firms import queries
from matching.days import monday_of

SWEEP = "firms.sweep"


@job(SWEEP)
def sweep(work: Work) -> None:
    queries.drop_past_free_tags(work.session, monday_of(clock.today()))


every(SWEEP, timedelta(days=1), at=timedelta(minutes=5))
