"""Lengths in a text: each figure with the word that says what it measures, and the figures that belong together.

A *measure* is one figure; a *group* is measures joined by × or following one another (「直径7センチ・高さ3センチ」).
Figures of holes, threads, grooves, walls and the like belong to a feature of the part, not to its size.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from matching.understanding.about import ABOUT_AFTER, ABOUT_BEFORE
from matching.understanding.numbers import number
from matching.understanding.overall import tells_size
from matching.understanding.source import Source
from matching.vocabulary.materials import find_materials
from matching.vocabulary.units import LENGTH_UNIT, to_mm

#: What each announcing word measures. "dia" makes a round part; "inner", "skip" and "thread" are no outside size.
LABELS = {
    "inner": (
        "内径",
        "内寸",
        "内法",
        "有効径",
        "線径",
        "線の太さ",
        "線の直径",
        "肉厚",
        "穴径",
        "ピッチ",
        "モジュール",
        "ストローク",
        "板の間",
        "inner dia",
        "inside dia",
        "inner diameter",
        "inside diameter",
        "bore",
        "id",
        "wall thickness",
        "pitch",
        "wire dia",
        "wire diameter",
        "巻き数",
        "膜厚",
        "芯間",
        "間隔",
        "隙間",
        "すきま",
    ),
    "dia": (
        "外側の直径",
        "差し渡し",
        "さしわたし",
        "外径",
        "直径",
        "外周径",
        "丸棒",
        "胴径",
        "ボディ径",
        "最大径",
        "仕上径",
        "径",
        "outer diameter",
        "outside diameter",
        "overall diameter",
        "diameter",
        "outer dia",
        "outside dia",
        "dia.",
        "dia",
        "od",
        "o.d.",
    ),
    "thick": ("板厚", "厚さ", "厚サ", "厚み", "あつさ", "厚", "thickness", "thk", "t"),
    "length": (
        "全長",
        "切断長",
        "総長",
        "長さ",
        "長サ",
        "ながさ",
        "自由長",
        "総丈",
        "length",
        "overall length",
        "oal",
        "l",
        "長辺",
        "長手",
    ),
    "height": ("高さ", "高サ", "たかさ", "全高", "背の高さ", "丈", "height", "h"),
    "depth": ("奥行き", "奥行", "おくゆき", "深さ", "ふかさ", "depth", "d"),
    "width": ("幅", "巾", "はば", "横幅", "横", "よこ", "全幅", "width", "w", "短辺"),
    "rise": ("縦", "たて"),
    # Across a bar or a vessel, told in everyday words: a diameter once a length stands beside it.
    "stout": (
        "太さ",
        "ふとさ",
        "太いところ",
        "太い所",
        "外側",
        "口径",
        "口の広い所",
        "口の広いところ",
        "口の直径",
    ),
}
_POST = {
    "dia": (
        r"in diameter",
        r"across\b",
        r"dis[ck]s?\b",
        # 「60 mm jacket diameter」: one word may say where it is measured; a hole's or a wire's is a feature's.
        r"(?:(?!inner|inside|hole|bore|wire|thread|core|shaft|pin)[a-z]{2,10} )?(?:diameter|dia\b\.?)",
        r"φ(?!\d)",
        r"od\b",
        r"径",
        r"丸(?!い|く|み)",
        r"round bar",
    ),
    "inner": (r"id\b", r"(?:thick )?walls?\b", r"(?:inner|inside) dia(?:meter)?", r"bore\b", r"pitch", r"ピッチ"),
    "thick": (
        r"thick\b",
        r"t(?![a-z0-9])",
        r"厚",
        r"(?:の)?(?:厚|薄)?板",
        # 「2ミリのステンレス板」: the figure before the stock is how thick it is.
        r"(?:の)?(?:ステンレス|sus\d{3}|アルミ|鉄|鋼|銅|真鍮|黄銅|チタン|アクリル|樹脂|塩ビ|ポリカ|木|ゴム|ss400|spcc|a5052)の?(?:板|シート|プレート)(?!厚|金)",
        # 「2 mm SUS304, 230 x 35」: bar and tube of a grade are not told by their thickness.
        r"(?:sus\d{3}[a-z]?\d?|a\d{4}|ss400|spcc|secc|s\d\dc)(?=[,:;.]\s|\s(?:plate|sheet|steel|alumini?um|stainless))",
        r"sheet\b",
        r"plate thickness",
        r"thickness",
        r"gauge sheet",
    ),
    "length": (r"long\b", r"in length", r"長", r"length"),
    "height": (r"tall\b", r"high\b", r"height", r"in height", r"高"),
    "depth": (r"deep\b", r"in depth"),
    "width": (r"wide\b", r"in width", r"幅"),
    "square": (r"角(?!度|パイプ|の部分|部)", r"四方", r"square(?!d)"),
    "cube": (r"角の立方体", r"立方", r"cubes?\b"),
}
_BY_WORD = {word: kind for kind, words in LABELS.items() for word in words}


def _label(word: str) -> str:
    latin = word.isascii()
    return (
        ((r"(?<![a-z\d])" if len(word) == 1 else r"(?<![a-z])") if latin else "")
        + re.escape(word)
        + (r"(?![a-z])" if latin else "")
    )


_LABEL = "|".join(_label(w) for w in sorted(_BY_WORD, key=len, reverse=True))
_ABOUT = rf"(?:\s|:|=|は|が|の|で|込み|寸法|最大|of|is|{ABOUT_BEFORE})"
# Figures in kanji count as lengths only where a unit follows: 「直径六十センチ」.
_FIGURE = (
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,6})(?:\.\d{1,4})?|(?<!\.)\.\d{1,4}"
    r"|(?<![数何一二三四五六七八九十百千])[一二三四五六七八九十百千]{1,6}(?=センチ|ミリ|メートル|cm|mm)"
)
_MEASURE = re.compile(
    rf"(?:(?P<label>{_LABEL}){_ABOUT}{{0,4}})?(?P<prefix>[φ□]|(?<![a-z])m(?=\d))?\s?(?(label)|"
    rf"(?(prefix)|(?:(?<=\bca\.)|(?<=approx\.)|(?<![\d,/#№a-wyz±])(?<![^.]\.)(?<![a-z]-))))"
    rf"(?P<low>(?:\d{{1,5}}(?:\.\d{{1,3}})?\s?(?:{LENGTH_UNIT})?\s?[~-]\s?(?=φ?\d))?)φ?(?<!\d)"
    rf"(?:(?<=\bca\.)|(?<=approx\.)|(?<![^.]\.))(?P<figure>{_FIGURE})"
    rf"\s?(?P<unit>{LENGTH_UNIT})?(?:(?<=\d)(?:[hgfknp]|"
    rf"js)(?:[4-9]|1[0-2])(?![\da-z.]))?(?P<about>(?:\s?{ABOUT_AFTER})?)(?:(?:の?\s?|"
    rf"\s?\()(?P<post>"
    + "|".join(f"(?P<post_{kind}>{'|'.join(words)})" for kind, words in _POST.items())
    + r")(?!さ|サ|み|き|\s?[:=はが約]{0,2}\s?φ?\d{1,6}(?:\.\d{1,4})?(?![\d.]|\s?[x×]\s?\d))|)"
)
_LETTER_POST = re.compile(r"\s?\(?([wdhlt])\)?(?![a-z0-9])")
# 「φ45の18ミリ」「58φの170、」: の after a diameter joins the length to it, 「80×45の10ミリ厚」 the thickness.
_BESIDE = re.compile(r"\s?の\s?")
_WHOLE_FIGURE = re.compile(r"\s?(?:[、,。)]|で|$|の?(?:もの|やつ|サイズ))")
# 「真鍮3mm、」「SUS440Cの板3ミリを」: the figure behind a stock is its thickness, unless bar or wire follows.
_STOCK_END = (re.compile(r"[\s(の]{0,2}$"), re.compile(r"の?(?:薄?板|シート)[\s(の]{0,2}$"))
_BAR_AFTER = re.compile(r"[)\s]?(?:の?(?:丸|棒|角|管|パイプ|線|軸|ピン|径|ねじ|ネジ|長)|(?:rod|bar|wire|tube|pipe)\b)")
_SHEET_MM = 30.0
# 「ステンレス316L」: a grade, though a letter behind a figure else says what it measures.
_GRADE_BEFORE = re.compile(r"(?:ステンレス鋼?|stainless(?: steel)?|アルミ|alumini?um)の?\s?$")
_TIMES = re.compile(r"\s?\)?\s?(?:[x×*✕＊]|掛ける|かける|\bby\b)\s?\(?\s?(?:約|長さ|全長)?\s?")
_JOINED = re.compile(r"[\s・、,/\])]{0,3}(?:の|で|と|と、|and |with |に対して|、?それに)?\s?(?:a |an )?$")
_NOT_A_LENGTH = re.compile(
    r"^\s?(?:個|コ(?!ー)|ケ|ヶ|枚|本|台|セット|部|冊|組|基|人|社|円|万|千円|%|パーセント|℃|度|°|"
    r"kg|キロ|グラム|g(?![a-z])|wt|w(?![a-z])|v(?![a-z])|"
    r"ma\b|a(?![a-z])|hz|khz|mhz|rpm|n(?![a-z])|mpa|pa\b|l(?![a-z])|ml|リットル|軸|色|層|芯|極|"
    r"歯|枚|か所|箇所|ヶ所|カ所|つ|\^|年|月|日|週|時|分|秒|"
    r"hrc|hv|sq|pcs|pieces|units|sets|dpi|ページ|p(?![a-z])|番|号|回|倍|重|種|名|点|ヵ|°|"
    r"inchモニタ|in-|mm2|mm²|ft|yen|gsm|d(?![a-z\d×x]))"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure in millimetres. `kind` is a key of `LABELS`, "square", "cube", "thread", "overall" or "" for none."""

    kind: str
    value: float
    start: int
    end: int
    has_unit: bool
    figure: float


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that belong together, in the order of the text; `crossed` where × joins them."""

    measures: tuple[Measure, ...]
    crossed: bool

    @property
    def start(self) -> int:
        return self.measures[0].start

    @property
    def end(self) -> int:
        return self.measures[-1].end


def groups(source: Source, taken: Iterable[tuple[int, int]]) -> list[Group]:
    """The groups of measures of a text, leaving out the places already `taken` by dates and tolerances."""
    out: list[Group] = []
    crossed = [*_crossed(source, _free([*_measures(source)], taken))]
    for group in crossed:
        if out and not group.crossed and not out[-1].crossed and _follows(source, out[-1], group):
            out[-1] = Group(_shared_unit((*out[-1].measures, *group.measures)), crossed=False)
        elif group.crossed or group.measures[0].kind:
            out.append(group)
    return out


def _free(measures: list[Measure], taken: Iterable[tuple[int, int]]) -> list[Measure]:
    blocked = {i for start, end in taken for i in range(start, end)}
    return [m for m in measures if m.end - 1 not in blocked]


def _measures(source: Source) -> Iterator[Measure]:
    for match in _MEASURE.finditer(source.text):
        end = match.end() if match["post"] else match.end("about")
        if _NOT_A_LENGTH.match(source.text, match.end("unit") if match["unit"] else match.end("figure")):
            continue
        if _is_grade(source, match):
            continue
        figure = number(f"0{match['figure']}" if match["figure"].startswith(".") else match["figure"])
        start = match.start()
        kind = _kind(source, match)
        if kind != "thread" or match["unit"] is None:
            yield Measure(kind, to_mm(figure, match["unit"]), start, end, match["unit"] is not None, figure)


def _is_grade(source: Source, match: re.Match[str]) -> bool:
    bare = match["unit"] is None and match["label"] is None and len(match["figure"]) in (3, 4)
    return bare and bool(_GRADE_BEFORE.search(source.before(match.start("figure"), 16)))


def _kind(source: Source, match: re.Match[str]) -> str:
    if match["prefix"]:
        if match["label"] and _BY_WORD[match["label"]] == "inner":
            return "inner"
        return {"φ": "dia", "□": "square", "m": "thread"}[match["prefix"]]
    post = next((kind for kind in _POST if match["post_" + kind]), "")
    if match["label"]:
        return _BY_WORD[match["label"]]
    if "φ" in match.group():
        return "dia"
    letter = _LETTER_POST.match(source.text, match.end("unit") if match["unit"] else match.end("figure"))
    named = post or (_BY_WORD[letter[1]] if letter else "")
    if named:
        return named
    return "thick" if match["unit"] and _is_of_stock(source, match) else _alone(source, match)


def _alone(source: Source, match: re.Match[str]) -> str:
    """A figure that no word names is the part's size where the words around it say so."""
    return "overall" if match["unit"] and tells_size(source, match.start(), match.end("about")) else ""


def _is_of_stock(source: Source, match: re.Match[str]) -> bool:
    if to_mm(number(f"0{match['figure']}"), match["unit"]) > _SHEET_MM or _BAR_AFTER.match(source.text, match.end()):
        return False
    before = source.before(match.start("figure"), 16)
    stems = {end.sub("", before) for end in _STOCK_END}
    return any(hit.span.end == len(stem) for stem in stems if stem for hit in find_materials(stem))


def _crossed(source: Source, measures: list[Measure]) -> Iterator[Group]:
    chain: list[Measure] = []
    for measure in measures:
        if chain and not (_is_times(source, chain[-1].end, measure.start) or _is_beside(source, chain, measure)):
            yield _group(chain)
            chain = []
        chain.append(measure)
    if chain:
        yield _group(chain)


def _is_times(source: Source, end: int, start: int) -> bool:
    return end <= start <= end + 8 and bool(
        re.fullmatch(rf"[)\s]?(?:[wdhlt]\)?)?{_TIMES.pattern}", source.text[end:start])
    )


def _is_beside(source: Source, chain: list[Measure], measure: Measure) -> bool:
    """Whether の joins the length to a diameter, or the thickness to an outline."""
    if not _BESIDE.fullmatch(source.text, chain[-1].end, measure.start):
        return False
    outline = len(chain) == 2 and measure.kind in ("thick", "height", "depth")
    across = len(chain) == 1 and chain[0].kind == "dia" and measure.kind in ("", "length", "height", "thick")
    told = measure.has_unit or measure.kind or _WHOLE_FIGURE.match(source.text, measure.end)
    return bool((outline or across) and told)


def _group(chain: list[Measure]) -> Group:
    return Group(_shared_unit(tuple(chain)) if len(chain) > 1 else tuple(chain), crossed=len(chain) > 1)


def _shared_unit(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """「20×12×8センチ」: the one unit, written at the end, holds for all."""
    last = measures[-1]
    if not last.has_unit or last.figure == 0 or any(m.has_unit for m in measures[:-1]):
        return measures
    factor = last.value / last.figure
    return tuple(replace(m, value=round(m.figure * factor, 6), has_unit=True) for m in measures)


def _follows(source: Source, before: Group, after: Group) -> bool:
    gap = source.text[before.end : after.start]
    return len(gap) <= 12 and bool(
        _JOINED.fullmatch(gap)
        or re.fullmatch(rf"[)\s、,・]{{0,2}}{ABOUT_AFTER}?(?:が|は|の|で|と|、|,|and|with|\s){{0,3}}", gap)
    )
