"""The parts a request tells of: each has a stock of its own, and its steps are not those of the others."""

from collections.abc import Sequence

from matching.routing.practice import kind, practice
from matching.routing.segments import Segment
from matching.vocabulary.materials import families, find_materials

Stock = frozenset[str]


def parts(known: Sequence[Segment], told: Sequence[tuple[int, str]]) -> list[int]:
    """The part each segment tells of; `told` are the segments and processes known so far.

    A stretch with a material of its own begins the next part, or goes on with the earlier one of that material.
    """
    numbers: list[int] = []
    stocks: list[Stock] = []
    current, begun = 0, False
    for number, segment in enumerate(known):
        here = [process_id for place, process_id in told if place == number]
        own, makes = _stock(segment, here), any(practice(process_id).shapes for process_id in here)
        if own and makes and begun and not stocks:
            # Something was made before, of a stock that is not told or not known.
            stocks.append(Stock())
        current = _part_of(own, segment, stocks, current) if own else current
        begun = begun or makes
        numbers.append(current)
    return numbers


def _stock(segment: Segment, here: Sequence[str]) -> Stock:
    """The material of a part told here; in 「ニッケルとクロムの飾り」 it is that of the coat."""
    # A sized thing is itself of that stock: 「ナラの天板 900×600×30、オイル仕上げ」.
    makes = not here or segment.need.size_mm is not None or any(kind(process_id) != "coat" for process_id in here)
    return frozenset(h.material_id for h in find_materials(segment.material)) if makes and segment.material else Stock()


def _part_of(own: Stock, segment: Segment, stocks: list[Stock], current: int) -> int:
    """The number of the part of this stock, the current one first; a new stock is noted."""
    if not stocks:
        stocks.append(own)
        return 0
    near = [current, *reversed(range(len(stocks)))]
    detail = segment.need.size_mm is None and not any(m.guessed for m in segment.need.processes)
    place = next((i for i in near if _akin(own, stocks[i]) or (detail and _alike(own, stocks[i]))), len(stocks))
    if place == len(stocks):
        stocks.append(own)
    else:
        stocks[place] |= own
    return place


def _alike(some: Stock, others: Stock) -> bool:
    """Whether both are a kind of plain steel: a pad of SS400 is a detail of the frame of STKR400."""
    return all(any("steel" in families(id_) for id_ in stock) for stock in (some, others))


def _akin(some: Stock, others: Stock) -> bool:
    """Whether two words may mean the same stock: SUS304 and ステンレス do, 真鍮 and SUS303 do not."""
    return any(a in families(b) or b in families(a) for a in some for b in others)
