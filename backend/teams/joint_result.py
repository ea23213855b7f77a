"""A run of the joint plan as it is kept in its file: how far it is, and what came of it. No words of a language."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel


class RunState(StrEnum):
    """Where a run is."""

    READING = "reading"
    SOLVING = "solving"
    DONE = "done"
    FAILED = "failed"


class Standing(StrEnum):
    """How a case comes out."""

    ON_TIME = "on_time"
    LATE = "late"
    # Nobody has the hours within the known weeks.
    NO_HOURS = "no_hours"
    # Nobody on file does any of its steps.
    NOBODY = "nobody"


class StepKept(BaseModel):
    """Who does a step when. `processes` are ids of the vocabulary."""

    processes: list[str]
    firm_id: str
    firm: str
    start: date
    finish: date
    hours: float


class CaseKept(BaseModel):
    """One request in the plan. `missing`: processes of its route nobody on file does."""

    token: str
    number: str
    text: str
    due: date | None
    standing: Standing
    finish: date | None = None
    days_late: int = 0
    lead_firm_id: str = ""
    steps: list[StepKept] = []
    missing: list[str] = []

    @property
    def in_time(self) -> bool:
        """Whether all of it is done by the day it is wanted; never without such a day, or with a step nobody does."""
        return self.standing is Standing.ON_TIME and self.due is not None and not self.missing

    @property
    def only_fits(self) -> bool:
        """Whether all of it has its hours, wanted by no day."""
        return self.standing is Standing.ON_TIME and self.due is None and not self.missing


class LoadKept(BaseModel):
    """Hours of one process in the week of the Monday `week`."""

    process: str
    week: date
    free: float
    used: float
    other: float
    missing: float = 0.0


class NarrowKept(BaseModel):
    """A bottleneck: hours of `process` missing in `weeks`; with them the requests of these numbers are on time too."""

    process: str
    partners: list[str]
    weeks: list[date]
    hours: float
    numbers: list[str]


class ResultKept(BaseModel):
    """What came of a run. The solver gave hours in time to `on_time` cases, and no plan can to more than `most`.

    Those count cases that are wanted by no day, and cases of which nobody does a step; `in_time` does not.
    """

    start: date
    cases: list[CaseKept]
    loads: list[LoadKept]
    narrow: list[NarrowKept]
    too_soon: list[str]
    on_time: int
    most: int
    seconds: float

    @property
    def dated(self) -> int:
        return sum(case.due is not None for case in self.cases)

    @property
    def in_time(self) -> int:
        return sum(case.in_time for case in self.cases)


class Run(BaseModel):
    """A run. `done` of `total` in its present state; `sentence`: why it failed."""

    id: str
    state: RunState = RunState.READING
    made_by: str
    made_at: datetime
    updated_at: datetime
    tokens: list[str]
    done: int = 0
    total: int = 0
    sentence: str = ""
    result: ResultKept | None = None
