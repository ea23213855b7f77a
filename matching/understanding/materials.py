"""What the part is made of: not what it is coated with, looks like, touches or is packed in."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from matching.types import Reading, Span
from matching.understanding.source import Source
from matching.understanding.tables import load
from matching.vocabulary.materials import MaterialHit, families, find_materials
from matching.vocabulary.normalise import fold as fold_word

# Right after a material's name: it is a coating, an ink, a gas, a likeness, a place, a tool or packaging.
_OTHER_AFTER = re.compile(
    r"^(?:の|で|を|色|系)?(?:\s|・)?(?:めっき|メッキ|鍍金|蒸着|コート|コーティング|被膜|皮膜|"
    r"塗装|塗料|フリー|レス(?=の|で|はんだ)|粉体|箔押し|調(?!質|達|整)|風(?!呂|合)|色|カラー|みたい|のよう(?:な|に)(?:見|光|輝|鏡|磨|つや|艶|"
    r"仕上)|っぽい色|っぽく|"
    r"溶接棒|専門|会社|工場|用(?:の)?(?:ネジ|ねじ|ボルト|工具|刃|塗料|接着|ドリル|カゴ|治具)|"
    r"製の?(?:相手|(?:ネジ|ねじ|ボルト)で|(?:台|床|棚|壁|箱|机|柱|ケース)に)|"
    r"を?(?:入れる|載せる|挟む|運ぶ|つかむ|掴む|支える|押さえる)[一-龥ァ-ヶ]|を切る(?:刃|工具|機械|ため)|ガス|炉|粉末冶金|"
    r"は(?:重|高|割|錆|さび|弱|冷た|熱|傷|折|脆|もろ)[^。、\n]{0,8}(?:ので|から|ため|が|し、)|"
    r"で?(?:は|を)?(?:使いたくない|使わない|使用不可|不可|避け|ngで?|以外|ではなく|じゃなく|"
    r"だと(?:重|高|錆|割|弱|強度|折|曲|反)|では(?:重|高|錆|割|弱|強度)|より(?:軽|硬|強|安))|"
    r"[^、。\n]{0,8}は(?:自分|こちら|当方|弊社|うち)(?:たち)?で(?:作|つく|用意|手配|や)|"
    r"[^,.;\n]{0,24}, but (?:we )?need|から(?:変更|替え|置き換|切り?替え)|"
    r"の(?:型|モデル|模型|マスター|クレイ|モックアップ|代わり|代替|かわり)|"
    r" ?(?:plating|plated\b|coating|coated|finish|paint\w*|look|like\b|colou?red|"
    r"-like|mould|mold\b|wheel|model|crate|pallet|clamshell|box packag))"
)
_PLATING_AFTER = re.compile(r"^.{0,8}(?:めっき|メッキ|plating|plated)")
_COATING = frozenset(
    {
        "ニッケル",
        "クロム",
        "亜鉛",
        "スズ",
        "錫",
        "すず",
        "金",
        "銀",
        "nickel",
        "chrome",
        "chromium",
        "zinc",
        "tin",
        "gold",
        "silver",
        "ロジウム",
    }
)
_COATING_AFTER = re.compile(
    r"^[^、。\n]{0,12}(?:μ|ミクロン|micron|めっき|メッキ|仕上|飾り|plat|飾|を(?:つけ|付け|のせ|"
    r"かけ)|で(?:変色|錆|さび))|^(?:ニッケル|クロム)"
)
_OTHER_BEFORE = re.compile(
    r"(?:見本|原型|元の型|マスター|相手(?:材|部品|側)?|取り?付け先|取付先|接触する|今まで|従来|現行|現在|現状|以前|もともと|元々|いまは|今は|包装|梱包|"
    r"mating|against|replac\w+|plated (?:in|with)|instead of|unlike|not|like|currently|for holding|for cutting|"
    r"packed in|mounts? (?:to|on)|fits? (?:into|on)|\bfor)"
    r"(?:は|が|を|の|に|も|:|\s|、|\(|(?:a|an|the|in|made of|of)\b)*$"
)
_LABEL_BEFORE = re.compile(
    r"(?:材質|材料|素材|母材|材種|鋼種|樹脂|物は|本体|生地|material|mat'?l|made (?:of|from|in|"
    r"out of)|stock|in)(?:は|が|を|：|:|\s|=|（|\(|」|】)*$"
)
_SUPPLIED_AFTER = re.compile(
    r"^[^。\n]{0,10}(?:(?<![縫研])製|の(?:板|棒|塊|ブロック|丸棒|角|丸|パイプ)|支給|を(?:削|曲|切)|で(?:\d|"
    r"[^、。]{0,6}(?:作|お願い|個|枚|本)))"
)
# 「PA12粉末造形」, "print six in PA12": what a thing is printed of, not what the original was made of.
_PRINTED_AFTER = re.compile(r"^の?(?:粉末?)?[^、。\n]{0,6}(?:造形|プリント)")
_PRINTED_BEFORE = re.compile(r"\bprint(?:ed|ing)?\b[^,.;]{0,14} in (?:[a-z-]+ )?$")
# More than all that speaks for a material together.
_PART_WEIGHT = 5
# A part that is only put onto the thing that is wanted: 「持ち手は革」, 「革のタグ」, 「その上に載せる板」.
_PARTS = (
    r"持ち手|取っ手|タグ|ラベル|紐|ひも|ベルト|ストラップ|金具|留め具|裏地|内張り|中敷き?|台座?|脚|足|栓|名札|銘板|飾り|"
    r"パッキン|クッション"
)
_PART_BEFORE = re.compile(
    rf"(?:{_PARTS})(?:は|に|には|も|として)[^。、]{{0,10}}$|"
    r"(?:載せる|のせる|付ける|敷く|添える|plus an?|with an?)[^。、]{0,4}$"
)
_PART_AFTER = re.compile(rf"^製?の?[^、。をにでは\d]{{0,6}}?(?:{_PARTS})(?!で)")
# What goes with the thing that is wanted, unless the text begins with it: 「ヌメ革シース」, 「ブナの台」.
_WITH_IT = (
    r"柄|握り|グリップ|シース|鞘|収納袋|石突き?|先ゴム|棚板|天板|スタンド|台(?!車|数|形|紙)|箱|石留め|"
    r"\b(?:stand|sheath|handle|grip|tip|top board|box)\b"
)
# A stand or a box of wood does not say what printed matter is made of.
_PRINTED = re.compile(r"\d\s?(?:部(?!品|分)|冊)|カレンダー|calendar|copies of")
_WITH_IT_BEFORE = re.compile(rf"(?:{_WITH_IT})(?:は[^、。\d]{{0,10}}|[\s(]{{0,2}}[^、。\d]{{0,3}})$")
_WITH_IT_AFTER = re.compile(rf"^(?:材|製)?(?:の| )?[^、。をにでは,.\d]{{0,8}}?(?:{_WITH_IT})")
# A word so wide that any finer name in the text is what is meant by it: 「盃を木で。材は欅」.
_WIDEST = frozenset({"wood", "metal", "plastic", "textile", "paper"})
# A finer name this near belongs to the same thing; a symbol does so anywhere in the text.
_NEAR = 10
_BESIDE = 2
_JAPANESE = re.compile("[ぁ-んァ-ヶ一-龥]")
# 「STKM」: a symbol without a figure stands beside the family's name.
_SYMBOL = re.compile(r"[A-Z]{3,5}")
_GRADE = re.compile(r"[A-Za-z]{1,6}-?\d{1,5}[A-Za-z]{0,4}\d?")


@dataclass(frozen=True, slots=True)
class Found:
    """A material that may be the part's: `value` is presentable, `weight` says how surely it is the part's."""

    value: str
    span: Span
    start: int
    weight: int
    material_id: str
    # Of what goes with the thing: it gives way to any material that was named before.
    goes_with: bool = False


def read_material(source: Source, size_at: int | None = None) -> Reading[str] | None:
    """The material of the part, as canonical name or grade. `size_at` is where the chosen size stands in the text.

    With several parts the one whose size was read decides; a grade goes before the family it belongs to.
    """
    found = [*_found(source)]
    if not found:
        return _by_product(source)
    if all(f.goes_with or f.weight < 0 for f in found) and _PRINTED.search(source.text):
        paper = next((f for f in found if "paper" in families(f.material_id)), None)
        return Reading(paper.value, (paper.span,)) if paper else None
    parts = _of_parts(found)
    first = max(found, key=lambda f: (_sure(f, parts, found[0]), f.start == _nearest(found, size_at), -f.start))
    best = _grade_of(first, found)
    spans = (first.span,) if best is first else (best.span,)
    return Reading(best.value, spans)


def _of_parts(found: list[Found]) -> set[str]:
    """The materials first named as those of a part that is put on: 「小さな革タグ … 革を切って」."""
    firsts: dict[str, Found] = {}
    for one in found:
        firsts.setdefault(one.material_id, one)
    return {id_ for id_, one in firsts.items() if one.weight < 0}


def _sure(one: Found, parts: set[str], first: Found) -> int:
    aside = one.weight >= 0 and (one.material_id in parts or (one.goes_with and one is not first))
    return one.weight - _PART_WEIGHT * aside


def named_materials(source: Source) -> tuple[tuple[int, str], ...]:
    """Every material a part of the text may be made of: its place in the folded text and its id, in text order."""
    return tuple((f.start, f.material_id) for f in _found(source))


def _nearest(found: list[Found], size_at: int | None) -> int | None:
    """The last material named before the size, if materials of several families compete for it."""
    if size_at is None or len({families(f.material_id)[-1] for f in found}) < 2:
        return None
    return max((f.start for f in found if f.start <= size_at), default=None)


def _found(source: Source) -> Iterator[Found]:
    for hit in _hits(source):
        start, end = _place(source, hit.span)
        before, after = source.before(start, 24), source.after(end, 24)
        word = source.text[start:end]
        if _is_aid(source, word) and not _LABEL_BEFORE.search(before):
            continue
        if not _is_other(word, before, after):
            weight = _weight(before, after)
            beside = source.is_beside(start) or _goes_with(before, after)
            yield Found(_label(hit), source.as_typed(hit.span), start, weight, hit.material_id, beside)


def _hits(source: Source) -> list[MaterialHit]:
    """The vocabulary's hits, and those words that a compound or a spoken spelling hides from it."""
    hits = list(find_materials(source.repaired))
    covered = {i for h in hits for i in range(h.span.start, h.span.end)}
    for pattern, material_id, label in _spoken():
        for match in pattern.finditer(source.text):
            span = source.span(match.start(), match.end())
            if covered.isdisjoint(range(span.start, span.end)):
                hits.append(MaterialHit(material_id, span, label))
    return sorted(hits, key=lambda h: h.span.start)


@cache
def _spoken() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    rows = load("products")["spoken"]
    known = ((word, pattern, find_materials(word)) for word, pattern in rows.items())
    return tuple((re.compile(pattern), hits[0].material_id, word) for word, pattern, hits in known if hits)


def _place(source: Source, span: Span) -> tuple[int, int]:
    return source.place(span.start), source.place(span.end)


def _is_aid(source: Source, word: str) -> bool:
    """Boards, threads and magnets are mostly bought in; a wire is the material only of a cable."""
    return bool(_aids().search(word) or (_WIRE.search(word) and not _WIRED.search(source.text)))


def _is_other(word: str, before: str, after: str) -> bool:
    if _OTHER_AFTER.search(after) or _OTHER_BEFORE.search(before):
        return True
    return word in _COATING and bool(_COATING_AFTER.search(after) or _PLATING_AFTER.search(after))


def _weight(before: str, after: str) -> int:
    printed = _PRINTED_AFTER.search(after) or _PRINTED_BEFORE.search(before)
    label = 3 * bool(_LABEL_BEFORE.search(before) or printed) + bool(_SUPPLIED_AFTER.search(after))
    return label - _PART_WEIGHT * bool(_PART_BEFORE.search(before) or _PART_AFTER.search(after))


def _goes_with(before: str, after: str) -> bool:
    return bool(_WITH_IT_BEFORE.search(before) or _WITH_IT_AFTER.search(after))


def _label(hit: MaterialHit) -> str:
    """A grade stays as it was typed (「ZDC2」, 「SUS304WPB」); other words give way to the usual name."""
    typed = unicodedata.normalize("NFKC", hit.span.text).strip()
    special = next((label for pattern, label in _labels() if pattern.search(typed.lower())), None)
    if special:
        return special
    if _GRADE.fullmatch(typed):
        return typed.upper()
    if _SYMBOL.fullmatch(typed) and _JAPANESE.search(hit.as_written):
        return f"{hit.as_written}（{typed}）"
    return _both_names(hit.as_written, typed)


def _both_names(label: str, typed: str) -> str:
    """A trade or everyday name stands beside the usual one: the shop knows 「POM」, the asker wrote 「ジュラコン」."""
    if label in load("products")["spoken"] or not _JAPANESE.search(typed):
        return label
    known, said = fold_word(label), fold_word(typed)
    return label if said in known or known in said else f"{label}（{typed}）"


@cache
def _labels() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), label) for label, pattern in load("products")["labels"].items())


@cache
def _aids() -> re.Pattern[str]:
    return re.compile(load("products")["aids"])


_WIRE = re.compile(r"^awg|電線$|^wire$")
_WIRED = re.compile(r"ケーブル|ハーネス|配線|コネクタ|圧着|端末|cable|harness|crimp|connector")


def _grade_of(first: Found, found: list[Found]) -> Found:
    """「ステンレス（SUS304）」: the grade, where the text names one of the family that it began with."""
    beside = [
        f for f in found if _GRADE.fullmatch(f.value) and 0 < f.start - first.start - len(first.span.text) <= _BESIDE
    ]
    if beside:
        return beside[0]
    finer = [
        f
        for f in found
        if f.material_id != first.material_id
        and first.material_id in families(f.material_id)
        and (re.search(r"\d", f.value) or abs(f.start - first.start) <= _NEAR or first.material_id in _WIDEST)
    ]
    return min(finer, key=lambda f: abs(f.start - first.start), default=first)


@cache
def _products() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = load("products")["materials"]
    return tuple((re.compile("|".join(map(str, row["words"]))), str(row["material"])) for row in rows)


def _by_product(source: Source) -> Reading[str] | None:
    """Some products leave no doubt: a photo book is paper, a knitted hat is yarn. Nothing else is inferred."""
    for pattern, material in _products():
        match = pattern.search(source.text)
        if match:
            return Reading(material, (source.span(match.start(), match.end()),))
    return None
