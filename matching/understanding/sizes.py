"""The overall size of the part in millimetres: [width, depth, height], [φ, φ, length] for round parts, sheets with
their thickness. Sizes of holes, slots, components, machines and standard papers are not the part's."""

import re
from math import prod

from matching.types import Reading
from matching.understanding.about import ABOUT_AFTER, ABOUT_BEFORE
from matching.understanding.dimensions import Group, Measure, groups
from matching.understanding.overall import FEATURE
from matching.understanding.source import Source

_FEATURE_BEFORE = re.compile(
    rf"{FEATURE}(?:の|は|が|を|に|部|径|幅|寸法|大きさ|サイズ|\s|:|\(|、?直径|with|of|:)*(?:{ABOUT_BEFORE}|各|全て|すべて|共に|ともに)?$"
)
_FEATURE_AFTER = re.compile(
    rf"^[)\s]{{0,2}}{ABOUT_AFTER}?(?:の|で|\s|wide|deep|diameter|dia|long|という|"
    rf"(?:の)?(?:細い|深い|小さな|小さい|丸い|四角い|浅い|長い|貫通|真円の|wide|deep|through|"
    rf"small|straight|narrow))*{FEATURE}"
)
_COMPONENT_AFTER = re.compile(
    r"^[)\s]{0,2}(?:の[^、。\nに]{0,8})?(?:を|が)?(?:載せ|のせ|組み込|組込|内蔵|埋め込|埋込|挟|はさ|入れる|収納|格納)|"
    r"^[)\s]{0,2}(?:の|くらいの)?(?:角パイプ|丸パイプ|角材|アングル|フラットバー|テーブル|定盤|加工範囲|機械に|搬入口|スペース|設置|棚に|"
    r"用の箱|モニタ|ディスプレイ|基板が入|基板を入|電池)"
)
_COMPONENT_BEFORE = re.compile(
    r"(?:相手|電池|バッテリー|モーター(?!受|台|ブラケット|ホルダ|カバー|ベース|取)|センサー|搬入口|設置スペース|設置場所|箱に|棚に|既製品|"
    r"市販の[^、。]{0,6})[^、。\n]{0,5}$"
)
_OVERALL_BEFORE = re.compile(
    r"(?:外形|外寸|全体|大きさ|サイズ|寸法|仕上が?り|本体|overall|size|dimensions?|outer|"
    r"envelope|展開|約)[^、。\n]{0,6}$"
)
_ROUND = re.compile(
    r"六角|丸棒|丸物|丸もの|円柱|円筒|シャフト|ピン(?!ク|ト|セ)|軸(?!受)|ローラー|round bar|"
    r"shaft|\bpins?\b|dowel|cylind|\bhex|rod\b"
)
# 「A6063 tube 22 mm x 900 mm」: a tube of two figures is round, unless it is called square.
_TUBE_BEFORE = re.compile(
    r"(?:(?<!角)パイプ|丸管|鋼管|(?<!square )(?<!rectangular )(?:tube|tubing|pipe))[\s(:、,]{0,2}$"
)
_SPRING = re.compile(r"(?<!板)ばね|バネ|スプリング|springs?\b")
_COILED = re.compile(r"線径|線の太さ|線の直径|巻き?数|コイル|wire|coil")
_SCREW = re.compile(r"ねじ|ネジ|ボルト|ビス|スタッド|screws?|bolts?|studs?|set ?screw|フックボルト")
_FLAT = re.compile(
    r"板|シート|タイル|フィルム|プレート|ラベル|名刺|カード|パネル|sheet|plate|panel|label|film|"
    r"tile|card|sticker|board"
)
_INSIDE = re.compile(r"内寸|内法|inside")
_SECTION = re.compile(r"断面[^。、\n]{0,4}$")
_CUBE = re.compile(r"立方|キューブ|サイコロ|cube")
_PACKING = re.compile(r"(?:化粧箱|貼り?箱|ギフト箱|台紙|gift box|carton)(?:[a-z]式|は)?[\s(]{0,2}$")
_COUNTED = re.compile(r"\d\s?(?:個|コ|本|枚|台|セット|組|部|冊|着|袋|箱)")
# What printed matter stands on is not its size.
_PRINTED = re.compile(r"\d\s?(?:部(?!品|分)|冊)|カレンダー|calendar|copies of")
_STAND_BEFORE = re.compile(r"(?:台|スタンド|stand)(?:は[^、。\d]{1,8})?[\s(]{0,2}$")
_CABLE = re.compile(
    r"ケーブル|電線|ハーネス|コード|ホース|ロープ|ひも|紐|リボン|テープ|cable|harness|wire|hose|rope|cord|lead"
)
_LONG_KINDS = ("length", "height", "depth", "width", "thick", "stout")
# So near to a tube's section its length is told.
_NEAR = 8
_FACES = ("width", "rise", "depth", "height", "length", "thick")


def read_size(source: Source, taken: list[tuple[int, int]]) -> Reading[tuple[float, ...]] | None:
    """The size of the whole part, or None where the text gives none or gives several parts no one of which encloses."""
    kept = _cut_tubes([g for g in (_own(source, g) for g in groups(source, taken)) if g is not None])
    if any(_contradicts(g) for g in kept):
        return None
    crossed = [g for g in kept if g.crossed and _plausible(source, g)]
    best = max(crossed, key=lambda g: _rank(source, g), default=None)
    round_one = _round_group(kept)
    if best is not None and (
        round_one is None or _rank(source, best)[0:2] > (True, False) or _bulk(best) >= _bulk(round_one)
    ):
        return _from_crossed(source, best, kept)
    return _from_labels(source, [g for g in kept if not g.crossed])


def _cut_tubes(kept: list[Group]) -> list[Group]:
    """「φ16×t1.2、切断長900」: a tube is told by diameter and wall; the length it is cut to follows by itself."""
    out: list[Group] = []
    for group in kept:
        tube = out and out[-1].crossed and [m.kind for m in out[-1].measures] == ["dia", "thick"]
        if tube and not group.crossed and group.measures[0].kind == "length" and group.start - out[-1].end <= _NEAR:
            out[-1] = Group((*out[-1].measures, group.measures[0]), crossed=True)
        else:
            out.append(group)
    return out


def _round_group(kept: list[Group]) -> Group | None:
    """The largest group that tells diameter and height side by side: 「300 mm dia, 150 high」."""
    told = [g for g in kept if not g.crossed and _tells_round(g)]
    return max(told, key=_bulk, default=None)


def _tells_round(group: Group) -> bool:
    kinds = {m.kind for m in group.measures}
    bar = "stout" in kinds and not kinds.isdisjoint({"length", "height"})
    return bar or ("dia" in kinds and not kinds.isdisjoint(_LONG_KINDS))


def _bulk(group: Group) -> float:
    """What the group takes up: a diameter counts both ways, and the wall of a tube does not count."""
    tube = len(group.measures) == 3 and {m.kind for m in group.measures} >= {"dia", "thick"}
    told = [m for m in group.measures if not (tube and m.kind == "thick")]
    values = [m.value for m in told for _ in range(2 if m.kind in ("dia", "stout") else 1)]
    return prod(values[:3])


def _own(source: Source, group: Group) -> Group | None:
    """The group without what measures a feature; None if nothing is left."""
    before, after = source.before(group.start, 16), source.after(group.end, 22)
    threaded = any(m.kind == "thread" for m in group.measures)
    if (_FEATURE_BEFORE.search(before) and not threaded) or _COMPONENT_BEFORE.search(before):
        return None
    if _goes_with_it(source, group):
        return None
    if _FEATURE_AFTER.search(after) or _COMPONENT_AFTER.search(after):
        return None
    if source.text[group.start - 1 : group.start] == "-" and source.text[group.start - 2 : group.start - 1].isdigit():
        return None
    if group.crossed and group.measures[0].kind == "inner" and _INSIDE.match(source.text, group.start):
        return group
    measures = tuple(m for m in group.measures if m.kind != "inner" and m.value > 0)
    return Group(measures, group.crossed) if measures else None


def _goes_with_it(source: Source, group: Group) -> bool:
    """Whether a box is told that things counted before are packed in, or a stand that printed matter is put on."""
    near = source.before(group.start, 16)
    if _PACKING.search(near):
        return bool(_COUNTED.search(source.text[: source.clause(group.start)[0]]))
    return bool(_STAND_BEFORE.search(near) and _PRINTED.search(source.text))


def _contradicts(group: Group) -> bool:
    """「外径φ6とφ18」: two outside diameters side by side are two parts, and no one size is meant."""
    return not group.crossed and sum(m.kind == "dia" for m in group.measures) > 1


def _plausible(source: Source, group: Group) -> bool:
    if any(m.kind == "thread" for m in group.measures):
        return bool(_SCREW.search(source.text)) and group.measures[-1].value >= group.measures[0].value
    if len(group.measures) == 2 and source.text[group.end : group.end + 1] == "^":
        return False
    return len(group.measures) in (2, 3, 4)


def _rank(source: Source, group: Group) -> tuple[bool, bool, bool, float, int]:
    values = [m.value for m in group.measures]
    thread = any(m.kind == "thread" for m in group.measures)
    overall = bool(_OVERALL_BEFORE.search(source.before(group.start, 14)))
    packing = bool(_PACKING.search(source.before(group.start, 8)))
    return (
        not thread and not packing,
        overall,
        len(values) > 2 or any(m.kind == "dia" for m in group.measures),
        _bulk(group),
        -group.start,
    )


def _from_crossed(source: Source, group: Group, others: list[Group]) -> Reading[tuple[float, ...]]:
    measures = list(group.measures[:3])
    spans = [(group.start, group.end)]
    if len(measures) == 2 and not _is_round(source, group):
        extra = _extra(source, others, group)
        if extra is not None:
            measures.append(extra)
            spans.append((extra.start, extra.end))
    return _reading(source, _outline(source, group, measures), spans)


def _is_round(source: Source, group: Group) -> bool:
    if any(m.kind in ("dia", "thread") for m in group.measures):
        return True
    if len(group.measures) != 2:
        return False
    near = source.text[max(0, group.start - 12) : group.end + 10]
    tube = bool(_TUBE_BEFORE.search(source.before(group.start, 12)))
    return (tube or bool(_ROUND.search(near))) and all(m.kind in ("", "length") for m in group.measures)


def _outline(source: Source, group: Group, measures: list[Measure]) -> tuple[float, ...]:
    values = [m.value for m in measures]
    if not _is_round(source, group):
        return tuple(values)
    across = max((m.value for m in measures if m.kind in ("dia", "thread")), default=values[0])
    rest = [
        m.value for m in measures if m.kind not in ("dia", "thread", *(("thick",) if len(measures) > 2 else ()))
    ] or [v for v in values if v != across]
    if not any(m.kind in ("dia", "thread") for m in measures):
        rest = values[1:]
    if len(measures) == 3 and measures[0].kind == "dia" and len(rest) == 2:
        return (across, across, _length_after_bore(measures))
    return (across, across, rest[-1]) if rest else (across, across)


def _length_after_bore(measures: list[Measure]) -> float:
    """φ50×30×90 reads outside × bore × length; a longer middle figure is the length itself."""
    _, second, third = (m.value for m in measures)
    return third if second < measures[0].value else second


def _extra(source: Source, others: list[Group], group: Group) -> Measure | None:
    """The thickness, height or (of a section) length that a flat outline lacks; the nearest in the text."""
    found = [
        m
        for g in others
        if not g.crossed
        for m in g.measures
        if m.kind in ("thick", "height", "depth")
        or (m.kind == "length" and _SECTION.search(source.before(group.start, 8)))
        or (m.kind in ("length", "width") and _adjoins(source, group, m))
    ]
    return min(found, key=lambda m: abs(m.start - group.end), default=None)


def _adjoins(source: Source, group: Group, measure: Measure) -> bool:
    return 0 <= measure.start - group.end <= 4 and not source.text[group.end : measure.start].strip("、, ")


def _from_labels(source: Source, kept: list[Group]) -> Reading[tuple[float, ...]] | None:
    measures = [m for g in kept for m in g.measures if _says_enough(source, m, g)]
    across = next((m for m in measures if m.kind == "dia"), None) or _stout(measures)
    square = next((m for m in measures if m.kind in ("square", "cube")), None)
    if across is not None:
        return _round_part(source, across, measures)
    if square is not None:
        return _square_part(source, square, measures)
    return _box(source, measures) or _overall(source, measures)


def _overall(source: Source, measures: list[Measure]) -> Reading[tuple[float, ...]] | None:
    """「3センチくらいの部品」: one length, and no guess at the others. Two that differ are two parts."""
    found = [m for m in measures if m.kind == "overall"]
    if not found or len({m.value for m in found}) > 1 or _CABLE.search(source.text):
        return None
    return _reading(source, (found[0].value,), [(found[0].start, found[0].end)])


def _stout(measures: list[Measure]) -> Measure | None:
    """「太さ80、長さ1800」 tells a bar; without a length 太さ says nothing of the outline."""
    long = any(m.kind in ("length", "height") for m in measures)
    return next((m for m in measures if m.kind == "stout"), None) if long else None


def _says_enough(source: Source, measure: Measure, group: Group) -> bool:
    """A lone letter before a figure (H7, L2) says nothing unless others stand beside it; t always does."""
    lone = source.text[measure.start : measure.start + 1] in "wdhl" and not measure.has_unit
    return measure.kind != "thread" and not (lone and len(group.measures) == 1)


def _round_part(source: Source, across: Measure, measures: list[Measure]) -> Reading[tuple[float, ...]] | None:
    for kind in _LONG_KINDS:
        rest = [m for m in measures if m.kind == kind]
        if rest:
            long = min(rest, key=lambda m: abs(m.start - across.end))
            places = [(m.start, m.end) for m in (across, long)]
            return _reading(source, (across.value, across.value, long.value), places)
    if _SPRING.search(source.text) and _COILED.search(source.text):
        # The coil's diameter without the length it is wound to says nothing of the size.
        return None
    return _reading(source, (across.value, across.value), [(across.start, across.end)])


def _square_part(source: Source, square: Measure, measures: list[Measure]) -> Reading[tuple[float, ...]]:
    rest = next((m for kind in ("thick", "height", "length", "depth") for m in measures if m.kind == kind), None)
    places = [(square.start, square.end)] + ([(rest.start, rest.end)] if rest else [])
    side = square.value
    if rest is not None:
        return _reading(source, (side, side, rest.value), places)
    near = source.text[max(0, square.start - 8) : square.end + 8]
    flat = (
        square.kind == "square"
        and not _CUBE.search(near)
        and _FLAT.search(source.text[max(0, square.start - 14) : square.end + 12])
    )
    return _reading(source, (side, side) if flat else (side, side, side), places)


def _box(source: Source, measures: list[Measure]) -> Reading[tuple[float, ...]] | None:
    chosen: dict[str, Measure] = {}
    for measure in measures:
        if measure.kind in _FACES:
            chosen.setdefault(measure.kind, measure)
    if len(chosen) > 3:
        chosen.pop("thick", None)
    ordered = sorted(chosen.values(), key=lambda m: m.start)[:3]
    if not ordered or not _is_a_size(source, ordered):
        return None
    return _reading(source, tuple(m.value for m in ordered), [(m.start, m.end) for m in ordered])


def _is_a_size(source: Source, measures: list[Measure]) -> bool:
    """A thickness alone is the stock's, a length alone may be a cable's: neither is the size of a part."""
    if len(measures) > 1:
        return any(m.kind != "thick" for m in measures)
    only = measures[0]
    return only.kind not in ("thick", "depth") and only.has_unit and not _CABLE.search(source.text)


def _reading(source: Source, values: tuple[float, ...], places: list[tuple[int, int]]) -> Reading[tuple[float, ...]]:
    return Reading(values, tuple(source.span(a, b) for a, b in sorted(places)))
