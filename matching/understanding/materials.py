"""What the part is made of: not what it is coated with, looks like, touches or is packed in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from matching.types import Reading, Span
from matching.understanding.source import Source
from matching.understanding.tables import load
from matching.vocabulary.materials import MaterialHit, families, find_materials, materials

# Right after a material's name: it is a coating, an ink, a gas, a likeness, a place, a tool or packaging.
_OTHER_AFTER = re.compile(
    r"^(?:の|で|を|色|系)?(?:\s|・)?(?:めっき|メッキ|鍍金|蒸着|コート|コーティング|被膜|皮膜|"
    r"塗装|塗料|粉体|箔押し|調|風|色|カラー|みたい|のよう(?:な|に)(?:見|光|輝|鏡|磨|つや|艶|"
    r"仕上)|っぽい色|"
    r"溶接棒|専門|会社|工場|用(?:の)?(?:ネジ|ねじ|ボルト|工具|刃|塗料|接着|ドリル|カゴ|治具)|"
    r"製の?(?:相手|ネジ|ねじ|ボルト|台|床|棚|壁|箱に|ケースに)|ガス|炉|粉末冶金|"
    r"で?(?:は|を)?(?:使いたくない|使わない|使用不可|不可|避け|ngで?|以外|ではなく|じゃなく|"
    r"だと(?:重|高|錆|割|弱|強度|折|曲|反)|では(?:重|高|錆|割|弱|強度)|より(?:軽|硬|強|安))|"
    r"から(?:変更|替え|置き換|切り?替え)|の(?:型|モデル|模型|マスター|クレイ|モックアップ|代わり|代替|かわり)|"
    r" ?(?:plating|plate[ds]?\b(?! ?\d)|coating|coated|finish|paint\w*|look|like\b|colou?red|"
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
    r"(?:相手(?:材|部品|側)?|取り?付け先|取付先|接触する|触れる|挟む|はさむ|載せる|入れる|切る|"
    r"削る|支える|押さえる|今まで|従来|現行|現在|現状|以前|もともと|元々|いまは|今は|包装|梱包|"
    r"mating|against|replac\w+|instead of|unlike|not|like|currently|for holding|for cutting|"
    r"packed in|mounts? (?:to|on)|fits? (?:into|on))"
    r"(?:は|が|を|の|に|も|:|\s|、|(?:a|an|the|in|made of|of)\b)*$"
)
_LABEL_BEFORE = re.compile(
    r"(?:材質|材料|素材|母材|材種|鋼種|樹脂|物は|本体|生地|material|mat'?l|made (?:of|from|in|"
    r"out of)|stock|in)(?:は|が|を|：|:|\s|=|（|\(|」|】)*$"
)
_SUPPLIED_AFTER = re.compile(
    r"^[^。\n]{0,10}(?:製|の(?:板|棒|塊|ブロック|丸棒|角|丸|パイプ)|支給|を(?:削|曲|切)|で(?:\d|"
    r"[^、。]{0,6}(?:作|お願い|個|枚|本)))"
)
_UNDECIDED = re.compile(r"^[^、。\n]{0,4}(?:か|または|もしくは|or\b)")


@dataclass(frozen=True, slots=True)
class Found:
    """A material that may be the part's: `value` is presentable, `weight` says how surely it is the part's."""

    value: str
    span: Span
    start: int
    weight: int
    material_id: str


def read_material(source: Source, size_at: int | None = None) -> Reading[str] | None:
    """The material of the part, as canonical name or grade. `size_at` is where the chosen size stands in the text.

    With several parts the one whose size was read decides; a grade goes before the family it belongs to.
    """
    found = [*_found(source)]
    if not found:
        return _by_product(source)
    first = max(found, key=lambda f: (f.weight, f.start == _nearest(found, size_at), -f.start))
    best = _grade_of(first, found)
    spans = (first.span,) if best is first else (best.span,)
    return Reading(best.value, spans)


def _nearest(found: list[Found], size_at: int | None) -> int | None:
    """The last material named before the size, if materials of several families compete for it."""
    if size_at is None or len({families(f.material_id)[-1] for f in found}) < 2:
        return None
    return max((f.start for f in found if f.start <= size_at), default=None)


def _found(source: Source) -> Iterator[Found]:
    for hit in find_materials(source.repaired):
        if materials()[hit.material_id].heading:
            continue
        start, end = _place(source, hit.span)
        before, after = source.before(start, 24), source.after(end, 24)
        if not _is_other(source.text[start:end], before, after):
            yield Found(_label(hit), source.as_typed(hit.span), start, _weight(before, after), hit.material_id)


def _place(source: Source, span: Span) -> tuple[int, int]:
    return source.place(span.start), source.place(span.end)


def _is_other(word: str, before: str, after: str) -> bool:
    if _OTHER_AFTER.search(after) or _OTHER_BEFORE.search(before):
        return True
    return word in _COATING and bool(_COATING_AFTER.search(after) or _PLATING_AFTER.search(after))


def _weight(before: str, after: str) -> int:
    return 3 * bool(_LABEL_BEFORE.search(before)) + bool(_SUPPLIED_AFTER.search(after))


def _label(hit: MaterialHit) -> str:
    return str(_named().get(hit.material_id, hit.as_written))


@cache
def _named() -> dict[str, str]:
    return dict(load("products").get("material_labels", {}))


def _grade_of(first: Found, found: list[Found]) -> Found:
    """「ステンレス（SUS304）」: the grade, where the text names one of the family that it began with."""
    finer = [f for f in found if f.material_id != first.material_id and first.material_id in families(f.material_id)]
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
