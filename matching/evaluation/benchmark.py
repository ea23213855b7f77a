"""The comparison of methods on a graded set: each word-only arm, and the full matching, in one table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matching.api import MatchIndex
from matching.evaluation.graded import GradedRequest, GradedSet
from matching.evaluation.metrics import Shown, feasible_first, hit, mean, ndcg, recall, trap_share
from matching.retrieval import Arm, rank_arm
from matching.routing.telling import with_told_steps
from matching.types import Verdict
from matching.understanding.request import read

OURS = "ours"
TOP = 20
Ranker = Callable[[GradedRequest], Sequence[Shown]]


@dataclass(frozen=True, slots=True)
class Row:
    """Means over the requests of a set."""

    name: str
    ndcg: float
    recall: float
    hit: float
    trap: float
    feasible_first: float


def compare(graded: GradedSet, index: MatchIndex) -> list[Row]:
    """One row for each arm, the full matching last. The index holds the firms of the set."""
    # Every method asks the same questions: an encoder that remembers them reads them together, and once.
    index.expect([one.request.text for one in graded.requests])
    arms = [measure(arm.value, graded, _arm_ranker(index, arm)) for arm in Arm]
    return [*arms, measure(OURS, graded, lambda request: find(index, request))]


def _arm_ranker(index: MatchIndex, arm: Arm) -> Ranker:
    """A ranking by words alone rules nobody out: each place counts as a proposal."""
    return lambda graded: [
        Shown(place.id, Verdict.OK) for place in rank_arm(index.retrieval, arm, graded.request.text, TOP)
    ]


def find(index: MatchIndex, graded: GradedRequest) -> list[Shown]:
    """The full matching's answer to the text of a graded request."""
    need = with_told_steps(read(graded.request.text, graded.request.today))
    return [Shown(c.firm_id, c.verdict) for c in index.find(need, TOP)]


def measure(name: str, graded: GradedSet, rank: Ranker) -> Row:
    """The measures of one method over a set."""
    answers = [(request, rank(request)) for request in graded.requests]
    ids = [(request, [place.firm_id for place in shown]) for request, shown in answers]
    return Row(
        name,
        ndcg=mean([ndcg(ranked, request.grades) for request, ranked in ids]),
        recall=mean([recall(ranked, request.grades) for request, ranked in ids]),
        hit=mean([hit(ranked, request.grades) for request, ranked in ids]),
        trap=mean([trap_share(shown, request.traps) for request, shown in answers]),
        feasible_first=mean([feasible_first(shown) for _, shown in answers]),
    )


def table(title: str, rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    head = f"{title:<12} {'nDCG@10':>8} {'recall@10':>10} {'hit@1':>7} {'trap@10':>8} {'feasible first':>15}"
    body = [
        f"{r.name:<12} {r.ndcg:>8.3f} {r.recall:>10.3f} {r.hit:>7.3f} {r.trap:>8.3f} {r.feasible_first:>15.3f}"
        for r in rows
    ]
    return "\n".join([head, *body])
