"""The façade of matching: hold firms, and find those that can do a job, with reasons and questions."""

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matching.encoders.base import Encoder, Progress
from matching.retrieval import RetrievalIndex, RetrievalSignals
from matching.retrieval.memory import give_back_memory
from matching.scoring.assess import assess
from matching.scoring.demand import Demand, read_demand
from matching.scoring.process import ProcessFit, is_shared, may_hold, process_fits, to_arrange
from matching.scoring.shortlist import Columns, columns, first_look
from matching.types import Aspect, Candidate, FirmProfile, Need, Verdict
from matching.understanding.firm import read_firm
from matching.understanding.offer import Offer

# Of so many firms for each one wanted, at least and at most so many, a closer look is taken: those of the wanted
# trade that break no plain condition first, then those whose words are near (ADR 0127).
_LOOKED_AT_FOR_EACH, _LEAST_LOOKED_AT, MOST_LOOKED_AT = 3, 60, 120
# Among firms that are ruled out, one that only lacks the process stands before one that also breaks a figure: the
# process is what is most easily misread, and most easily found at a neighbour's.
_TRADE = frozenset({Aspect.PROCESS, Aspect.EXCLUSION})


@dataclass(frozen=True, slots=True)
class Answer:
    """Candidates, best first. `steps` are the process ids of the route when the job must be shared out, else none."""

    candidates: tuple[Candidate, ...]
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    offer: Offer
    fits: tuple[ProcessFit, ...]
    near: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Table:
    firm_ids: tuple[str, ...]
    changes: int
    columns: Columns


@dataclass(frozen=True, slots=True)
class _Near:
    text: str
    changes: int
    signals: RetrievalSignals


class MatchIndex:
    """Firms, read once, and the search index over their words.

    `find` never changes the index; `upsert` and `remove` are seen by the next `find`.
    """

    def __init__(self, retrieval: RetrievalIndex, offers: Iterable[Offer]) -> None:
        self._retrieval = retrieval
        self._offers: dict[str, Offer] = {offer.firm.id: offer for offer in offers}
        self._changes = 0
        self._table: _Table | None = None
        self._near: _Near | None = None

    @classmethod
    def build(cls, firms: Iterable[FirmProfile], encoder: Encoder, progress: Progress | None = None) -> "MatchIndex":
        """Read and index `firms`. `progress(done, total)` counts embedded phrases."""
        known = list(firms)
        return cls(RetrievalIndex.build(known, encoder, progress), map(read_firm, known))

    @classmethod
    def load(cls, folder: Path, firms: Iterable[FirmProfile], encoder: Encoder) -> "MatchIndex":
        """The index `save` wrote, brought up to date with `firms`; `IndexUnusable` when it cannot be used."""
        known = list(firms)
        retrieval = RetrievalIndex.load(folder, encoder)
        retrieval.sync(known)
        return cls(retrieval, map(read_firm, known))

    def save(self, folder: Path) -> None:
        """Write the vectors and words into `folder`; what firms offer is read again from the profiles."""
        self._retrieval.save(folder)

    def upsert(self, firm: FirmProfile) -> None:
        """Hold `firm` as it is now."""
        self._retrieval.upsert(firm)
        self._offers[firm.id] = read_firm(firm)
        self._changes += 1

    def remove(self, firm_id: str) -> None:
        """Forget a firm; nothing happens when it is not held."""
        self._offers.pop(firm_id, None)
        self._retrieval.remove(firm_id)
        self._changes += 1

    def __len__(self) -> int:
        return len(self._offers)

    @property
    def retrieval(self) -> RetrievalIndex:
        """The search index underneath, for the comparison of methods and for health checks."""
        return self._retrieval

    def offer(self, firm_id: str) -> Offer:
        """What was read of a firm. Raises KeyError for one that is not held."""
        return self._offers[firm_id]

    def expect(self, texts: Sequence[str]) -> None:
        """Encode the texts of needs that will be asked soon, together; useful with an encoder that remembers them."""
        self._retrieval.expect(texts)

    def find(self, need: Need, top: int = 20, near: str | None = None) -> list[Candidate]:
        """The best `top` firms for a need: those that fit or may fit by score, then those ruled out by score.

        Firms' words are held against `near`, the need's own text unless given: the steps of one job share the
        job's text, so that it is encoded once.
        """
        return list(self.answer(need, top, near).candidates)

    def answer(self, need: Need, top: int = 20, near: str | None = None) -> Answer:
        """What `find` gives, and the route to share out when no firm does the whole job alone."""
        demand = read_demand(need)
        judged = self._judged(demand, self._signals(need.text if near is None else near), _looked_at(top))
        fits = [j.fits for j in judged]
        candidates = _assessed(demand, judged, to_arrange(fits))
        if _only_guessed(demand) and all(c.verdict is Verdict.NO for c in candidates):
            # Nobody does what was only guessed from the product: the way to make it is then an open question.
            candidates = _assessed(replace(demand, wanted=()), [replace(j, fits=()) for j in judged])
        return Answer(tuple(sorted(candidates, key=_place)[:top]), _route(need, demand) if is_shared(fits) else ())

    def find_able(self, need: Need, top: int = 20, near: str | None = None) -> list[Candidate]:
        """What `find` gives, without the firms that do none of the processes: nobody asks them for a step.

        The steps of a job are many questions in a row, and most firms have nothing to do with most steps.
        """
        demand = read_demand(need)
        judged = self._judged(demand, self._signals(need.text if near is None else near), _looked_at(top), may_hold)
        able = [j for j in judged if any(fit.held for fit in j.fits)]
        # What has to be arranged is told by those who hold something: the others need not be asked.
        return sorted(_assessed(demand, able, to_arrange([j.fits for j in able])), key=_place)[:top]

    def _signals(self, text: str) -> RetrievalSignals:
        """How near each firm's words are to `text`; the last answer is kept, since the same job is asked in turns."""
        last = self._near
        if last is None or last.text != text or last.changes != self._changes:
            last = _Near(text, self._changes, self._retrieval.signals(text))
            self._near = last
        return last.signals

    def _judged(
        self,
        demand: Demand,
        signals: RetrievalSignals,
        most: int,
        worth_it: Callable[[Demand, Offer], bool] | None = None,
    ) -> list[_Judged]:
        """The shortlist of `most` firms with its fits; only those offers that are `worth_it`, where that is asked."""
        rows = self._shortlist(demand, signals, most)
        return [
            _Judged(offer, process_fits(demand, offer), (float(signals.dense[row]), float(signals.lexical[row])))
            for row in rows
            if (offer := self._offers.get(signals.firm_ids[row])) is not None
            and (worth_it is None or worth_it(demand, offer))
        ]

    def _shortlist(self, demand: Demand, signals: RetrievalSignals, most: int) -> Sequence[int]:
        if len(signals.firm_ids) <= most:
            return range(len(signals.firm_ids))
        nearness = (signals.dense + signals.lexical) / 2.0
        scores = first_look(self._columns(signals.firm_ids), demand) + nearness
        best: npt.NDArray[np.intp] = np.argpartition(-scores, most)[:most]
        return [int(row) for row in best]

    def _columns(self, firm_ids: tuple[str, ...]) -> Columns:
        """The arrays over all firms, laid out anew after a change."""
        table = self._table
        if table is None or table.firm_ids != firm_ids or table.changes != self._changes:
            offers = [self._offers.get(id_, Offer(FirmProfile(id_, ""))) for id_ in firm_ids]
            table = _Table(firm_ids, self._changes, columns(offers))
            self._table = table
        return table.columns


def leave_out_of_collection() -> None:
    """Tell the garbage collector that what is held now stays; for a program that asks its index many questions.

    An index of a whole city is millions of objects: looking through them for garbage made every third answer slow.
    What was only needed to build it goes back to the system.
    """
    gc.unfreeze()
    gc.collect()
    give_back_memory()
    gc.freeze()


def _looked_at(wanted: int) -> int:
    return max(_LEAST_LOOKED_AT, min(MOST_LOOKED_AT, _LOOKED_AT_FOR_EACH * wanted))


def _assessed(demand: Demand, judged: Sequence[_Judged], arranged: frozenset[str] = frozenset()) -> list[Candidate]:
    return [assess(demand, j.offer, j.fits, j.near, arranged) for j in judged]


def _only_guessed(demand: Demand) -> bool:
    return bool(demand.wanted) and not any(w.named for w in demand.core)


def _route(need: Need, demand: Demand) -> tuple[str, ...]:
    wanted = {w.process_id for w in demand.wanted}
    return tuple(dict.fromkeys(m.process_id for m in need.processes if m.process_id in wanted))


def _place(candidate: Candidate) -> tuple[int, float, str]:
    """Ruled-out firms last, by the facts against them; a tie goes to the smaller id, so that answers stay the same."""
    against = sum(c.verdict is Verdict.NO and c.aspect not in _TRADE for c in candidate.checks)
    ruled_out = candidate.verdict is Verdict.NO
    return (1 + against if ruled_out else 0), -candidate.score, candidate.firm_id
