"""The one search index of this process: loaded from disk, kept in step with the register, asked from many threads.

The register is the truth. Whatever is on disk is compared with it when the index is loaded, and every answer first
takes over the firms that changed since the last one.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from threading import Event, RLock, Thread

from backend.core import clock
from backend.core.db import Database
from backend.core.errors import AppError
from backend.core.i18n import gettext as _
from backend.firms import queries as firm_queries
from backend.firms.profiles import FirmFacts, profiles
from backend.matches.profiles import profile_of
from matching.api import MatchIndex, leave_out_of_collection
from matching.encoders import Encoder, ModelMissing
from matching.encoders.base import Progress
from matching.indexes.base import IndexUnusable
from matching.routing.plan import prepare
from matching.types import Candidate, FirmProfile, Need, Phrase

log = logging.getLogger(__name__)

# More changes than this are taken over in the background, so that nobody waits for an import of thousands.
CHANGES_AT_ONCE = 40
# From this many firms on, looking through the index for garbage is felt; fewer are only left out with the program.
MANY_FIRMS = 1000
SECONDS_TO_WAIT, SECONDS_TO_RETRY = 4.0, 30.0
_leave_out_once = cache(leave_out_of_collection)


class NotReady(AppError):
    """The index is still being prepared, or cannot be: the sentence says which, `soon` whether to ask again shortly."""

    def __init__(self, message: str, *, soon: bool) -> None:
        super().__init__(503, message)
        self.soon = soon


@dataclass(frozen=True)
class Found:
    """A candidate together with the firm's facts, as both were when the question was asked."""

    candidate: Candidate
    facts: FirmFacts


class _Ended(Exception):
    """The program ends while the index is being prepared."""


class LiveIndex:
    """The index and the facts behind it. `make_encoder` is called once, when the index is first needed.

    A question waits `patience` seconds for an index that is being prepared.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        make_encoder: Callable[[], Encoder],
        patience: float = SECONDS_TO_WAIT,
    ) -> None:
        self._patience = patience
        self._database = database
        self._folder = folder
        self._make_encoder = make_encoder
        self._lock = RLock()
        self._loaded = Event()
        self._thread: Thread | None = None
        self._index: MatchIndex | None = None
        self._facts: dict[str, FirmFacts] = {}
        self._seq = 0
        self._day = date.min
        self._trouble: Phrase | None = None
        self._ends = False
        self._done, self._total = 0, 0
        self._tried = 0.0

    def start(self) -> None:
        """Load in the background, so that the first page need not wait."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._tried = time.monotonic()
                self._loaded.clear()
                self._thread = Thread(target=self._load_and_report, name="index", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Keep on disk what was learnt. A loading ends where it is: the next start finds the phrases it had read."""
        self._ends = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        with self._lock:
            if self._index is not None:
                self._save(self._index)

    def ready(self) -> str | None:
        """None when questions can be answered, else what is missing."""
        if self._index is not None:
            return None
        preparing = f"the index is being prepared ({self._done}/{self._total})"
        return self._trouble.en if self._trouble else preparing

    def find(self, need: Need, top: int) -> list[Found]:
        """The firms that come into question, best first, as the register is now."""
        index = self._current()
        # Encoding takes half of an answer's time and touches no firm: others need not wait for it.
        index.expect([need.text])
        # Under the lock, because a firm that changes meanwhile would be half old and half new.
        with self._lock:
            return [Found(c, self._facts[c.firm_id]) for c in index.find(need, top) if c.firm_id in self._facts]

    def find_able(self, need: Need, top: int, near: str | None = None) -> list[Found]:
        """The firms that do one of the processes, for a step of the job told in `near`."""
        index = self._current()
        index.expect([need.text if near is None else near])
        with self._lock:
            found = index.find_able(need, top, near)
            return [Found(c, self._facts[c.firm_id]) for c in found if c.firm_id in self._facts]

    def _current(self) -> MatchIndex:
        if self._index is None:
            self._renew()
            self._loaded.wait(self._patience)
        if self._index is None:
            raise NotReady(self._why_not(), soon=self._trouble is None)
        self._catch_up(self._index)
        return self._index

    def _why_not(self) -> str:
        if self._trouble is not None:
            return _("いまは工場をさがせません。管理者に知らせてください。")
        sentence = _("工場の索引を準備しています。少し待ってから、もう一度お試しください。")
        return f"{sentence} {self._done:,} / {self._total:,}" if self._total else sentence

    def _catch_up(self, index: MatchIndex) -> None:
        """Take over what changed in the register since the last question."""
        with self._database.reading() as session:
            last = firm_queries.last_change(session)
            if last == self._seq and self._day == clock.today():
                return
        with self._lock, self._database.reading() as session:
            changes = firm_queries.changes_after(session, self._seq)
            ids = list(dict.fromkeys(change.firm_id for change in changes))
            if len(ids) > CHANGES_AT_ONCE or last < self._seq or self._day != clock.today():
                self._renew()
            elif ids:
                self._take_over(index, ids, {facts.id: facts for facts in profiles(session, ids)})
                self._seq = max(change.seq or 0 for change in changes)

    def _renew(self) -> None:
        """Load again in the background while the old index answers; after a failure not at every question."""
        if self._trouble is None or time.monotonic() - self._tried > SECONDS_TO_RETRY:
            self.start()

    def _take_over(self, index: MatchIndex, ids: Iterable[str], now: dict[str, FirmFacts]) -> None:
        for firm_id in ids:
            facts = now.get(firm_id)
            if facts is None:
                index.remove(firm_id)
                self._facts.pop(firm_id, None)
            else:
                index.upsert(profile_of(facts, self._day))
                self._facts[firm_id] = facts

    def _load_and_report(self) -> None:
        try:
            self.load(self._count)
            self._trouble = None
        except ModelMissing as error:
            self._trouble = error.phrase
        except _Ended:
            log.info("the index is not ready yet: the next start goes on from here")
        except Exception:
            log.exception("the index could not be loaded")
            self._trouble = Phrase("索引を読み込めませんでした。", "the index could not be loaded: see the log")
        finally:
            self._loaded.set()

    def _count(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        if self._ends:
            raise _Ended

    def load(self, progress: Progress | None = None) -> None:
        """Read the index from disk and make it agree with the register; build it when there is none to use."""
        today = clock.today()
        with self._database.reading() as session:
            seq = firm_queries.last_change(session)
            facts = {one.id: one for one in profiles(session)}
        firms: list[FirmProfile] = [profile_of(one, today) for one in facts.values()]
        index = self._open(firms, progress)
        self._save(index)
        with self._lock:
            self._index, self._facts, self._seq, self._day = index, facts, seq, today
        if len(firms) >= MANY_FIRMS:
            leave_out_of_collection()
        else:
            _leave_out_once()
        prepare()

    def _open(self, firms: list[FirmProfile], progress: Progress | None) -> MatchIndex:
        encoder = self._make_encoder()
        try:
            return MatchIndex.load(self._folder, firms, encoder)
        except IndexUnusable as reason:
            log.info("the index is built anew: %s", reason)
            return MatchIndex.build(firms, encoder, progress)

    def _save(self, index: MatchIndex) -> None:
        try:
            index.save(self._folder)
        except OSError as error:
            # A disk that is full costs a slower start next time, and nothing else.
            log.warning("the index was not saved: %s", error)
