"""The façade of matching: hold firms, and find those that can do a job, with reasons and questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matching.encoders.base import Encoder, Progress
from matching.retrieval import RetrievalIndex, RetrievalSignals
from matching.scoring.assess import assess
from matching.scoring.demand import Demand, read_demand
from matching.scoring.generic import is_minor
from matching.scoring.process import ProcessFit, process_fits
from matching.types import Candidate, FirmProfile, Need, ProcessMention, Verdict
from matching.understanding.firm import read_firm
from matching.understanding.offer import Offer
from matching.vocabulary.processes import affinity

# So many firms are looked at closely: those of the wanted trade first, then those whose words are near.
SHORTLIST = 300


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


class MatchIndex:
    """Firms, read once, and the search index over their words.

    `find` never changes the index; `upsert` and `remove` are seen by the next `find`.
    """

    def __init__(self, retrieval: RetrievalIndex, offers: Iterable[Offer]) -> None:
        self._retrieval = retrieval
        self._offers: dict[str, Offer] = {offer.firm.id: offer for offer in offers}

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

    def remove(self, firm_id: str) -> None:
        """Forget a firm; nothing happens when it is not held."""
        self._offers.pop(firm_id, None)
        self._retrieval.remove(firm_id)

    def __len__(self) -> int:
        return len(self._offers)

    @property
    def retrieval(self) -> RetrievalIndex:
        """The search index underneath, for the comparison of methods and for health checks."""
        return self._retrieval

    def offer(self, firm_id: str) -> Offer:
        """What was read of a firm. Raises KeyError for one that is not held."""
        return self._offers[firm_id]

    def find(self, need: Need, top: int = 20) -> list[Candidate]:
        """The best `top` firms for a need: those that fit or may fit by score, then those ruled out by score."""
        return list(self.answer(need, top).candidates)

    def answer(self, need: Need, top: int = 20) -> Answer:
        """What `find` gives, and the route to share out when no firm does the whole job alone."""
        demand = read_demand(need)
        judged = self._judged(demand)
        shared = _nobody_alone(demand, judged)
        candidates = [assess(demand, j.offer, j.fits, j.near, shared) for j in judged]
        return Answer(tuple(sorted(candidates, key=_place)[:top]), _route(need, demand) if shared else ())

    def find_for_process(self, need: Need, process_id: str, top: int = 20) -> list[Candidate]:
        """Firms for one step of a job: the same need with this process alone."""
        return self.find(replace(need, processes=(ProcessMention(process_id),)), top)

    def _judged(self, demand: Demand) -> list[_Judged]:
        signals = self._retrieval.signals(demand.need.text)
        rows = self._shortlist(demand, signals)
        return [
            _Judged(offer, process_fits(demand, offer), (float(signals.dense[row]), float(signals.lexical[row])))
            for row in rows
            if (offer := self._offers.get(signals.firm_ids[row])) is not None
        ]

    def _shortlist(self, demand: Demand, signals: RetrievalSignals) -> Sequence[int]:
        if len(signals.firm_ids) <= SHORTLIST:
            return range(len(signals.firm_ids))
        nearness = (signals.dense + signals.lexical) / 2.0 + self._trade(demand, signals.firm_ids)
        best: npt.NDArray[np.intp] = np.argpartition(-nearness, SHORTLIST)[:SHORTLIST]
        return [int(row) for row in best]

    def _trade(self, demand: Demand, firm_ids: Sequence[str]) -> npt.NDArray[np.float32]:
        """For each firm how near its listed trade comes to the core of the job, 0 … 1."""
        wanted = [w.process_id for w in demand.core]
        known: dict[str, float] = {}
        return np.array([self._best_affinity(id_, wanted, known) for id_ in firm_ids], dtype=np.float32)

    def _best_affinity(self, firm_id: str, wanted: Sequence[str], known: dict[str, float]) -> float:
        best = 0.0
        for offered in self._offers[firm_id].processes:
            id_ = offered.process_id
            if id_ not in known:
                known[id_] = max((affinity(want, id_) for want in wanted), default=0.0)
            best = max(best, known[id_])
        return best


def _nobody_alone(demand: Demand, judged: Iterable[_Judged]) -> bool:
    """Whether the job has several parts and no firm holds all that matter."""
    parts = [w for w in demand.wanted if not is_minor(w.process_id)]
    return len(parts) > 1 and not any(all(f.held for f in j.fits if not is_minor(f.wanted.process_id)) for j in judged)


def _route(need: Need, demand: Demand) -> tuple[str, ...]:
    wanted = {w.process_id for w in demand.wanted}
    return tuple(dict.fromkeys(m.process_id for m in need.processes if m.process_id in wanted))


def _place(candidate: Candidate) -> tuple[bool, float, str]:
    """Ruled-out firms last; a tie goes to the smaller id so that the same question has the same answer."""
    return candidate.verdict is Verdict.NO, -candidate.score, candidate.firm_id
