"""One operation of a job: where it is told, and what the words there say about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.routing.practice import Piece, any_is, is_step, sharpers, suits
from matching.routing.segments import Segment, segment_at
from matching.routing.things import describes, is_there, names_a_thing, only_likens
from matching.scoring.demand import shape_of
from matching.types import Need, Phrase, ProcessMention, Span
from matching.understanding.source import fold
from matching.vocabulary.materials import families, find_materials, materials
from matching.vocabulary.processes import lineage, processes


@dataclass(frozen=True, slots=True)
class Operation:
    """`segment` is where it is told; `attribute` that it describes the part there, so that its place tells no order."""

    process_id: str
    segment: int
    spans: tuple[Span, ...] = ()
    attribute: bool = False
    reason: Phrase | None = None


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """The words of a text as the rules know them; the same few stretches are asked for again and again."""
    return fold(text).text


def operation_of(mention: ProcessMention, need: Need, known: Sequence[Segment]) -> Operation:
    """What is mentioned, at the place of its verb; without words it describes the whole."""
    if not mention.spans:
        return Operation(mention.process_id, 0, attribute=True)
    span = mention.spans[0]
    # A wide wording may begin at the part and end at the verb: the verb tells where in the order it stands.
    return Operation(mention.process_id, segment_at(known, span.end - 1), mention.spans, describes(span, need.text))


def as_told(process_id: str, span: Span, need: Need, known: Sequence[Segment], number: int) -> Operation:
    """The operation that these words of a stretch tell."""
    told = replace(operation_of(ProcessMention(process_id, (span,)), need, known), segment=number)
    return sharpened(told, need, known)


def end_of(op: Operation) -> tuple[int, int]:
    """Where the telling of it ends: steps are in the order of their verbs."""
    return op.segment, op.spans[0].end if op.spans else 0


def traits(material: str | None) -> frozenset[str]:
    """What a material is like: its traits and its families; empty for one that is not known."""
    hits = find_materials(material) if material else ()
    return frozenset(t for h in hits for f in families(h.material_id) for t in (f, *materials()[f].traits))


def material_of(op: Operation, need: Need, known: Sequence[Segment]) -> str | None:
    """The stock named where the operation is told, else that of the job."""
    return known[op.segment].material or (need.material.value if need.material else None) if known else None


def traits_at(need: Need, known: Sequence[Segment], number: int) -> frozenset[str]:
    """What the part of a stretch is like: by the last material named up to there, else by that of the job."""
    named = [s.material for s in known[: number + 1] if s.material]
    return traits(named[-1] if named else need.material.value if need.material else None)


def suits_some(op: Operation, known: Sequence[Segment], like: frozenset[str]) -> bool:
    """Whether the trade works the stock named last, or one named before it where the operation itself is named:
    of 「銀の指輪に石を留めて、ロジウムめっき」 the ring is plated, and not the stone.
    """
    if suits(op.process_id, like):
        return True
    return is_named(op) and any(s.material and suits(op.process_id, traits(s.material)) for s in known[: op.segment])


def sharpened(op: Operation, need: Need, known: Sequence[Segment]) -> Operation:
    """The special process that a general word means on such a part."""
    # What is only inferred stands nowhere: all of the text may speak of it.
    stretch = folded(need.text if op.reason else known[op.segment].text) if known else ""
    own = known[op.segment].need if known and known[op.segment].need.size_mm else need
    like = Piece(traits_at(need, known, op.segment), shape_of(own), need.quantity.value if need.quantity else None)
    text = folded(need.text)
    found = (r.special for r in sharpers() if r.holds(op.process_id, stretch, text, like))
    return replace(op, process_id=next(found, op.process_id))


def is_wanted(op: Operation, need: Need, like: frozenset[str], known: Sequence[Segment] = ()) -> bool:
    """Whether it is a step that may be done to such a stock, is asked for and not ruled out."""
    fits = is_step(op.process_id) and suits_some(op, known, like) and not is_product(op, need.text)
    ruled_out = [m.process_id for m in need.refused if m.process_id in processes()]
    return fits and not any_is([op.process_id], ruled_out)


def is_product(op: Operation, text: str) -> bool:
    """Whether its words only name a thing, or one that is there already."""
    if is_there_already(op, text):
        return True
    asks_nothing = (names_a_thing(span, text) or only_likens(op.process_id, span, text) for span in op.spans)
    return bool(op.spans) and all(asks_nothing)


def is_there_already(op: Operation, text: str) -> bool:
    """Whether the text says of one of its words that it was done before."""
    return any(is_there(span, text) for span in op.spans)


def is_named(op: Operation) -> bool:
    """Whether the words hold a name of the operation or of what it is a kind of, and not only what is said of it."""
    names = [name for id_ in lineage(op.process_id) for name in _names(id_)]
    return any(name in folded(span.text).lower() for span in op.spans for name in names)


@lru_cache(maxsize=1024)
def _names(process_id: str) -> tuple[str, ...]:
    """Folded, since a text is."""
    known = processes()[process_id]
    return tuple(fold(name).text.lower() for name in (known.ja, known.en, *known.spellings))
