"""Which operations of a reading are steps of the route, where each is told, and which are missing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.routing.practice import any_is, beginning, is_step, kind, practice, prerequisites, sharpers, suits, vague
from matching.routing.segments import Segment, segment_at
from matching.routing.spoken import spoken
from matching.scoring.demand import read_demand
from matching.scoring.generic import is_minor
from matching.types import Need, Phrase, ProcessMention, Span
from matching.understanding.source import fold
from matching.vocabulary.materials import families, find_materials, materials
from matching.vocabulary.processes import is_a, processes

# 「計測ボックス」「プレス抜き型」: a word that runs on into a noun names the product, not a thing to be done.
_RUNS_ON = re.compile(r"^(?:抜き型|金型|型(?![彫打枠])|[ァ-ヶー]{2,}(?!ー?(?:加工|処理|仕上)))")
_WORK = re.compile(
    r"^(?:プレス|レーザ|マシニング|フライス|メッキ|アルマイト|コーティング|カット|バフ|ライン|チェック|テスト|パウダー)"
)
# 「ダイプレートの型の入れ子」: a thing with の and another thing behind it describes; it is not ordered here.
_THING = re.compile(r"(?:型|レンズ|鋳物|鍛造品|成形品|板金|歯車|ギア|鋼板)$")
# Stock as it is bought, and parts that are only put on.
_STOCK = re.compile(r"^(?:材(?!料)|型材|形材|素材|品を支給|足を|パッキンを)")
_OF_A_THING = re.compile(r"^の(?!あと|後|前|方|順|際|上|中|表|加工|仕上|研|磨|製作|設計|成形|試作|組)")
_ATTRIBUTE = re.compile(
    r"^(?:加工|処理|仕上げ?)?(?:の|済みの|した)(?!あと|後|前|ち|上|で|ら|い|ほう|方|も(?!の)|が|を|り)"
)
# 「番号を入れる箱」: a verb that runs on into a noun says what the noun is like.
_RELATIVE = re.compile(
    r"^(?:る|た|った|いた|した)(?=[一-龥ァ-ヶ]|い?[ぁ-ん]{1,2}い[一-龥ァ-ヶ])(?!後|上|方|状態|時|際|所|形で|物を)"
)
_LIKENESS = re.compile(r"^(?:みたい|のよう|並み|風)")
# 「消えない黒い番号」: the colour of something else on the part.
_COLOURED_THING = re.compile(r"^(?:番号|文字|ロゴ|名前|線|目盛|マーク|箱|紙|布|革|糸|インク)")
_ATTRIBUTE_EN = re.compile(r"(?:ed|cast)$")
_SUPPLIED = re.compile(
    r"支給|持ち?込|お送り|送ります|渡します|預け|手元に|できあがっ|出来上が|完成し|既に|すでに|"
    r"supplied|we (?:have|supply|provide)|existing|already"
)


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


def operations(need: Need, known: Sequence[Segment]) -> list[Operation]:
    """The steps the text asks for, in its order: those of the whole reading, then what single stretches add."""
    found = [_operation(m, need, known) for m in need.processes if m.process_id in processes()]
    kept = [op for op in found if is_step(op.process_id) and not _is_product(op, need.text)]
    kept = [_sharpened(op, need, known) for op in kept]
    kept = [op for op in kept if suits(op.process_id, traits(_material(op, need, known)))] or kept
    more = [op for number in range(len(known)) for op in _more(need, known, number, kept)]
    kept = _main(_in_order(kept, more))
    return [op for i, op in enumerate(kept) if not _is_vague(op, kept) and not _marks_again(op, kept[:i])]


def _marks_again(op: Operation, before: Sequence[Operation]) -> bool:
    """One mark may be told by several words: 「レーザーで名前を彫る」 is marking, engraving and laser work."""
    return kind(op.process_id) == "mark" and any(
        kind(o.process_id) == "mark" and o.segment == op.segment for o in before
    )


def _in_order(told: Sequence[Operation], more: Sequence[Operation]) -> list[Operation]:
    """What single stretches add stands where it is told: before the first step that is told later."""
    route = list(told)
    for op in more:
        place = next((i for i, other in enumerate(route) if _end(other) > _end(op)), len(route))
        route.insert(place, op)
    return route


def _end(op: Operation) -> tuple[int, int]:
    return op.segment, op.spans[0].end if op.spans else 0


def _main(ops: list[Operation]) -> list[Operation]:
    """Without the features every shop of the trade adds in passing, unless there is nothing else."""
    return [op for op in ops if not is_minor(op.process_id)] or ops


def _more(need: Need, known: Sequence[Segment], number: int, told: Sequence[Operation]) -> list[Operation]:
    """What a stretch tells when it is read alone, of trades that nobody has told of yet."""
    segment = known[number]
    wanted: list[Operation] = []
    told_here = [*_read_alone(segment), *_spoken(need, known, number)]
    for process_id, span in told_here:
        as_told = replace(_operation(ProcessMention(process_id, (span,)), need, known), segment=number)
        op = _sharpened(as_told, need, known)
        fits = is_step(op.process_id) and suits(op.process_id, _traits_at(need, known, number))
        if fits and not _is_product(op, need.text) and _is_new(op, [*told, *wanted], need):
            wanted.append(op)
    return wanted


def _spoken(need: Need, known: Sequence[Segment], number: int) -> Iterator[tuple[str, Span]]:
    whole = traits(need.material.value if need.material else None)
    segment = known[number]
    return spoken(segment.text, segment.start, _traits_at(need, known, number), whole)


def _read_alone(segment: Segment) -> Iterator[tuple[str, Span]]:
    for mention in segment.need.processes:
        for span in mention.spans[:1]:
            yield mention.process_id, Span(span.start + segment.start, span.end + segment.start, span.text)


def _traits_at(need: Need, known: Sequence[Segment], number: int) -> frozenset[str]:
    """What the part of a stretch is like: by the last material named up to there, else by that of the job."""
    named = [s.material for s in known[: number + 1] if s.material]
    return traits(named[-1] if named else need.material.value if need.material else None)


def _is_new(op: Operation, told: Sequence[Operation], need: Need) -> bool:
    ruled_out = [m.process_id for m in need.refused if m.process_id in processes()]
    if any(is_a(op.process_id, id_) for id_ in ruled_out):
        return False
    if any(is_a(op.process_id, o.process_id) or is_a(o.process_id, op.process_id) for o in told):
        return False
    return all(kind(o.process_id) != kind(op.process_id) for o in told if o.segment == op.segment)


def _operation(mention: ProcessMention, need: Need, known: Sequence[Segment]) -> Operation:
    if not mention.spans:
        return Operation(mention.process_id, 0, attribute=True)
    span = mention.spans[0]
    after = need.text[span.end : span.end + 8]
    english = bool(_ATTRIBUTE_EN.search(span.text)) and bool(re.match(r" [a-z]", after))
    attribute = bool(_ATTRIBUTE.match(after) or _RELATIVE.match(after)) or english
    # A wide wording may begin at the part and end at the verb: the verb tells where in the order it stands.
    return Operation(mention.process_id, segment_at(known, span.end - 1), mention.spans, attribute)


def _is_product(op: Operation, text: str) -> bool:
    return bool(op.spans) and all(_names_a_thing(span, text) or _only_likens(op, span, text) for span in op.spans)


def _only_likens(op: Operation, span: Span, text: str) -> bool:
    """「鋳物みたいに丈夫」 asks for no casting; 「鏡みたいに」 does ask for a polish."""
    after = text[span.end : span.end + 6]
    if kind(op.process_id) == "coat":
        return bool(_COLOURED_THING.match(after))
    return practice(op.process_id).shapes and bool(_LIKENESS.match(after))


def _names_a_thing(span: Span, text: str) -> bool:
    after = text[span.end : span.end + 12]
    if _RUNS_ON.match(after) and not _WORK.match(after) and not text[span.end - 1].isascii():
        return True
    return bool(_STOCK.match(after)) or bool(_THING.search(span.text) and _OF_A_THING.match(after))


def _material(op: Operation, need: Need, known: Sequence[Segment]) -> str | None:
    return known[op.segment].material or (need.material.value if need.material else None) if known else None


def traits(material: str | None) -> frozenset[str]:
    """What a material is like: its traits and its families; empty for one that is not known."""
    hits = find_materials(material) if material else ()
    return frozenset(t for h in hits for f in families(h.material_id) for t in (f, *materials()[f].traits))


def _is_vague(op: Operation, others: Iterable[Operation]) -> bool:
    near = [o.process_id for o in others if o.segment == op.segment and o.process_id != op.process_id]
    return op.process_id in vague() and any_is(near, vague()[op.process_id])


def _sharpened(op: Operation, need: Need, known: Sequence[Segment]) -> Operation:
    """The special process that a general word means on such a part."""
    stretch = folded(known[op.segment].text) if known else ""
    shape = read_demand(replace(need, processes=())).shape
    like = _traits_at(need, known, op.segment)
    whole = folded(need.text)
    found = (r.special for r in sharpers() if r.holds(op.process_id, stretch, whole, like, shape))
    return replace(op, process_id=next(found, op.process_id))


def completed(
    need: Need, known: Sequence[Segment], told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """The told steps with those that cannot be left out: how each part comes into being, and what has to come first."""
    ops = list(told)
    for part in sorted(set(part_of)):
        ops += _making(need, known, [s for s, p in enumerate(part_of) if p == part], ops)
    return [*ops, *_prerequisites(ops, need)]


def _making(
    need: Need, known: Sequence[Segment], members: Sequence[int], ops: Sequence[Operation]
) -> Iterator[Operation]:
    """The operation a part begins with, where the text names only its material, its shape and what comes after."""
    here = [op for op in ops if op.segment in members]
    # What is welded together is cut and fitted by the welder.
    if any(practice(op.process_id).shapes or is_a(op.process_id, "welding") for op in here) or not ops:
        return
    first = next((s for s in members if known[s].material), None)
    if first is None or _SUPPLIED.search(known[first].text) or _is_ready(need, here, ops):
        return
    guesses = [m.process_id for m in known[first].need.processes if practice(m.process_id).shapes]
    sized = next((known[s].need for s in members if known[s].need.size_mm), known[first].need)
    shape = beginning(read_demand(replace(sized, processes=())).shape)
    guess = next(iter(guesses), shape if "metal" in traits(known[first].material) else None)
    if guess and not any(is_a(op.process_id, guess) or is_a(guess, op.process_id) for op in here):
        yield Operation(
            guess, first, reason=Phrase("材料から形にする工程", "The part has to be made first"), attribute=True
        )


def _is_ready(need: Need, here: Sequence[Operation], ops: Sequence[Operation]) -> bool:
    """A part that only wants finishing is there already; so is one that some other step of the job shapes."""
    if _SUPPLIED.search(need.text) or len(ops) < 2:
        return True
    others = [op for op in ops if op not in here]
    return not here and any(practice(op.process_id).shapes for op in others) and len(others) < 2


def _prerequisites(ops: Sequence[Operation], need: Need) -> Iterator[Operation]:
    ids = [op.process_id for op in ops]
    for rule in prerequisites():
        step = next((op for op in ops if is_a(op.process_id, rule.step)), None)
        ruled_out = any_is([m.process_id for m in need.refused if m.process_id in processes()], [rule.needs])
        if step is None or ruled_out or any_is([step.process_id], rule.unless):
            continue
        others = [id_ for id_ in ids if id_ != step.process_id]
        # A shop that names the whole trade does both; the special word alone leaves the first half open.
        if rule.needs not in others and not any_is(others, (rule.needs, *rule.instead)):
            yield Operation(rule.needs, step.segment, reason=rule.why, attribute=True)
