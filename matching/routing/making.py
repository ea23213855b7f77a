"""The steps nobody tells of and that cannot be left out: how each part comes into being, and what has to come first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from matching.routing.operation import Operation, folded, sharpened, traits
from matching.routing.operations import is_guess
from matching.routing.practice import any_is, beginning, is_step, names_whole, practice, prerequisites, suits
from matching.routing.segments import Segment, segment_at
from matching.scoring.demand import shape_of
from matching.types import Need, Phrase
from matching.understanding.request import read
from matching.vocabulary.processes import find_processes, is_a, processes

_SUPPLIED = re.compile(
    r"支給|持ち?込|お?送りします|送ります|渡します|預け|手元に|できあがっ|出来上が|上がっ(?:て|た)|完成し|完成済|既に|すでに|市販|既製|買い|購入|手持ち|"
    r"supplied|we (?:have|supply|provide|buy)|existing|already|bought|off.the.shelf"
)
_CLAUSE = re.compile(r"[^、。,;.()（）\n]+")
_AID = re.compile(r"型|模型|pattern|mou?ld|\btool")
# A steel part this close is ground after hardening; any metal part closer still is ground at the end.
_GROUND_MM, _GROUND_IF_HARD_MM = 0.005, 0.015
_FINE = 3
_BORE = re.compile(r"内径|穴|孔|\bbore|inner")
_MEASURED = re.compile(r"[φΦ⌀]\s?\d|\d\s?[×xX]\s?\d|[外内直]?径\s?\d")
_TUBE = re.compile(r"管|パイプ|チューブ|\b(?:tube|pipe)")
# 「チーク材の框」: the stock and the thing made of it.
_MADE_OF = re.compile(
    r"^(?:材|製|板)?の(?!上|中|表|裏|色|ねじ|ネジ|ボルト|ビス)[一-龥ァ-ヶ]"
    r"|^ (?!plat|coat|finish|paint|screw|bolt|rivet|wire|sheet|tube|thread)[a-z]{3}"
)
_ENDS = re.compile(r"^[、。,.]?\s*$")
# 「桐を削った小箱」: how the thing was made is how it is to be made.
_MADE = re.compile(r"(?:削|作|挽|曲げ|くり抜|組|編)(?:っ|い|ん)?[ただ](?=[一-龥ァ-ヶ]|小)")


@dataclass(frozen=True, slots=True)
class _Item:
    """The stretches that tell of one thing: from its material or its name to the next."""

    members: tuple[int, ...]
    part: int
    sized: bool


def completed(
    need: Need, known: Sequence[Segment], told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """The told steps with those that cannot be left out: how each part comes into being, and what has to come first."""
    ops = [op for op in told if not names_whole(op.process_id)]
    items = _items(known, part_of)
    if len(told) > 1 or sum(_is_told_of(known, item) for item in items) > 1:
        for item in items:
            ops += _made(known, item, ops, part_of, alone=len(items) < 2)
    ops = ops if any(map(_shapes, ops)) else _joined(told, ops)
    ops += () if ops else _by_product(need)
    ops += _ground(need, known, ops, part_of)
    return [*ops, *(sharpened(op, need, known) for op in _prerequisites(ops, need))]


def _is_told_of(known: Sequence[Segment], item: _Item) -> bool:
    """Whether a thing is described well enough to be made: by stock and size, or as made of its stock."""
    first = known[item.members[0]]
    return bool(first.material) and (item.sized or _is_thing(first) or bool(_MADE.search(first.text)))


def _joined(told: Sequence[Operation], ops: Sequence[Operation]) -> list[Operation]:
    """With the trades that name the whole, where nothing else makes it."""
    return [*told, *(op for op in ops if op not in told)]


def _by_product(need: Need) -> Iterator[Operation]:
    """What the product as a whole suggests, where the text tells of no operation at all."""
    for mention in need.processes:
        if mention.process_id in processes() and is_step(mention.process_id):
            yield Operation(mention.process_id, 0, mention.spans, attribute=True)


def _items(known: Sequence[Segment], part_of: Sequence[int]) -> list[_Item]:
    starts = [i for i, s in enumerate(known) if s.material or any(_named(s))]
    bounds = [*starts, len(known)]
    return [
        _Item(
            tuple(range(start, bounds[n + 1])),
            part_of[start],
            any(known[i].need.size_mm or _MEASURED.search(known[i].text) for i in range(start, bounds[n + 1])),
        )
        for n, start in enumerate(starts)
    ]


def _named(segment: Segment) -> Iterator[str]:
    """The processes by which a thing named here is usually made."""
    for mention in segment.need.processes:
        if mention.spans and is_guess(mention) and _makes(mention.process_id):
            yield mention.process_id


def _made(
    known: Sequence[Segment], item: _Item, ops: Sequence[Operation], part_of: Sequence[int], *, alone: bool
) -> Iterator[Operation]:
    """The operation a thing begins with, where the text names only its material, its shape and what comes after."""
    first = item.members[0]
    here = [op for op in ops if op.segment in item.members]
    stock = known[first].material
    if any(map(_shapes, here)) or _is_there(known, item, alone=alone):
        return
    same = [op for op in ops if part_of[op.segment] == item.part] if stock else ops
    if any(map(_shapes, same)) and not (item.sized and stock and not here and _own_trade(known, item, same)):
        return
    guess = _moulded(here, stock) or _guess(known, item, stated=bool(here or item.sized or _is_thing(known[first])))
    if guess and not any(is_a(op.process_id, guess) or is_a(guess, op.process_id) for op in here):
        reason = Phrase("材料から形にする工程", "The part has to be made first")
        yield Operation(guess, first, reason=reason, attribute=True)


def _moulded(here: Sequence[Operation], stock: str | None) -> str | None:
    """Who orders a mould wants what comes out of it: 「ABSのふた、型から」."""
    if not any(is_a(op.process_id, "mould_making") for op in here):
        return None
    like = traits(stock)
    return "rubber_moulding" if "rubber" in like else "injection_moulding" if "plastic" in like else None


def _is_thing(segment: Segment) -> bool:
    """Whether a stock is named together with the thing that is made of it."""
    spans = segment.stock.spans if segment.stock else ()
    behind = [segment.text[span.end : span.end + 10].lower() for span in spans]
    # 「手が触れる所に巻く革」: of some stocks the bare word is enough; a bar of steel is not yet a part.
    bare = bool(beginning("", traits(segment.material)))
    return any(_MADE_OF.match(after) or (bare and _ENDS.match(after)) for after in behind)


def _shapes(op: Operation) -> bool:
    return _makes(op.process_id)


def _makes(process_id: str) -> bool:
    """What is welded together is cut and fitted by the welder."""
    return practice(process_id).shapes or is_a(process_id, "welding")


def _own_trade(known: Sequence[Segment], item: _Item, same: Sequence[Operation]) -> bool:
    """Another thing of the same stock: its name tells of another trade than those that work the stock already."""
    named = [id_ for i in item.members for id_ in _named(known[i])]
    return bool(named) and not any(is_a(op.process_id, id_) or is_a(id_, op.process_id) for op in same for id_ in named)


def is_there(text: str) -> bool:
    """Whether a text says that something is there already, so that its name does not ask for its making."""
    return bool(_SUPPLIED.search(folded(text)))


def _is_there(known: Sequence[Segment], item: _Item, *, alone: bool) -> bool:
    told = known if alone else [known[i] for i in item.members]
    return any(_SUPPLIED.search(s.text) for s in told)


def _guess(known: Sequence[Segment], item: _Item, *, stated: bool) -> str | None:
    """By the thing's name, else by its shape, else by what is made of such a stock at all."""
    first = known[item.members[0]]
    like = traits(first.material)
    named = [m.process_id for m in first.need.processes if _makes(m.process_id) and m.spans]
    named = [id_ for id_ in named if suits(id_, like) and (stated or not is_a(id_, "screw_making"))]
    if named or not stated or _TUBE.search(first.text):
        return next(iter(named), None)
    # Its size and the word that tells a round part may be spread over the stretches: 「さしわたし45ミリ、厚み18ミリ」.
    whole = read("".join(known[i].text for i in item.members), first.need.today, first.need.lang)
    sized = next((known[i].need for i in item.members if known[i].need.size_mm), first.need)
    whole = replace(whole, size_mm=whole.size_mm or sized.size_mm)
    return beginning(shape_of(whole), like)


def _ground(
    need: Need, known: Sequence[Segment], ops: Sequence[Operation], part_of: Sequence[int]
) -> Iterator[Operation]:
    """A close fit is ground: nothing that is cut, and nothing that was hardened, holds it by itself."""
    told = need.tolerance_mm
    if told is None or len(ops) < 2 or not told.spans:
        return
    place = segment_at(known, told.spans[0].start)
    same = [op for op in ops if part_of[op.segment] == part_of[place]]
    hard = any(is_a(op.process_id, "hardening") for op in same)
    if told.value > (_GROUND_IF_HARD_MM if hard else _GROUND_MM) or not _is_cut_metal(need, same):
        return
    kinds = {"round": "cylindrical_grinding", "box": "surface_grinding", "flat": "surface_grinding"}
    bored = bool(_BORE.search(known[place].text))
    process_id = "internal_grinding" if bored else kinds.get(shape_of(need), "grinding")
    reason = Phrase(f"±{told.value:g} は研削で出す", f"±{told.value:g} is reached by grinding")
    yield Operation(process_id, place, told.spans, attribute=True, reason=reason)


def _is_cut_metal(need: Need, ops: Sequence[Operation]) -> bool:
    """Whether the part is of metal and none of its steps is as fine as grinding."""
    metal = need.material is not None and "metal" in traits(need.material.value)
    cut = any(is_a(op.process_id, "machining") for op in ops)
    return metal and cut and all(practice(op.process_id).fineness < _FINE for op in ops)


def _supplied(text: str) -> tuple[str, ...]:
    """The processes of things that are there already: 「木型は支給します」 orders no pattern."""
    clauses = [m.group() for m in _CLAUSE.finditer(text) if _SUPPLIED.search(m.group().lower())]
    aids = ("wooden_pattern", "mould_making") if any(_AID.search(c.lower()) for c in clauses) else ()
    return (*aids, *(hit.process_id for c in clauses for hit in find_processes(c)))


def _prerequisites(ops: Sequence[Operation], need: Need) -> Iterator[Operation]:
    ids = [*(op.process_id for op in ops), *_supplied(need.text)]
    for rule in prerequisites():
        step = next((op for op in ops if is_a(op.process_id, rule.step)), None)
        ruled_out = any_is([m.process_id for m in need.refused if m.process_id in processes()], [rule.needs])
        if step is None or ruled_out or any_is([step.process_id], rule.unless):
            continue
        if rule.told and not rule.told.search(folded(need.text)):
            continue
        others = [id_ for id_ in ids if id_ != step.process_id]
        # A shop that names the whole trade does both; the special word alone leaves the first half open.
        if rule.needs not in others and not any_is(others, (rule.needs, *rule.instead)):
            yield Operation(rule.needs, step.segment, reason=rule.why, attribute=True)
