"""What a request leaves open, as plain questions with answers one tap away, the most important first."""

import re
from dataclasses import dataclass

from matching.types import Aspect, Need, Phrase
from matching.understanding.grades import grades
from matching.vocabulary.materials import find_materials, material_phrase, materials

# A family with at least this many grades below it is too wide to quote for.
_WIDE = 2
_MAX_CHOICES = 5
_DRAWING = re.compile(
    (
        r"図面|図は|cad|step|stl|iges|dxf|dwg|3d ?データ|三次元データ|データ(?:は|が)?(?:あり|有)|"
        r"現物|スケッチ|ポンチ絵|絵なら|手描き|手書き|drawing|sketch|sample|3d model"
    ),
    re.IGNORECASE,
)
_BLACK = re.compile(r"黒|ブラック|\bblack\b|色(?:を|は|に)付|カラー|colou?r", re.IGNORECASE)
_FINISH_KNOWN = re.compile(
    r"硬質|ハード|つや消し|艶消し|マット|塗装|粉体|染め|hard anodi|paint|powder|matte", re.IGNORECASE
)
_SUPPLY = re.compile(r"支給|材料込|手配|素材から|supplied|supply|provide", re.IGNORECASE)
_ANY_DATE = re.compile(
    r"急ぎません|急がない|いつでも|no rush|no hurry|any ?time|納期は?(?:相談|未定|いつ)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to tap: `label` for the eye, `value` for the need (a material, a count, a term; "" is unsure)."""

    label: Phrase
    value: str


@dataclass(frozen=True, slots=True)
class MissingQuestion:
    """A question to the asking person. `key` is stable, `aspect` names the field that an answer fills, if any."""

    key: str
    text: Phrase
    choices: tuple[Choice, ...]
    aspect: Aspect | None = None


_UNSURE = Choice(Phrase("わからない・相談したい", "Not sure, please advise"), "")


_Row = tuple[str, str, str]


def _choices(*rows: _Row) -> tuple[Choice, ...]:
    return (*(Choice(Phrase(ja, en), value) for ja, en, value in rows), _UNSURE)


def missing(need: Need) -> tuple[MissingQuestion, ...]:
    """The questions whose answers would help most, in that order; empty when the request says all a workshop asks."""
    asked = (
        _quantity(need),
        _material(need),
        _finish(need),
        _size(need),
        _due(need),
        _drawing(need),
        _tolerance(need),
        _supply(need),
    )
    return tuple(question for question in asked if question is not None)


def _quantity(need: Need) -> MissingQuestion | None:
    if need.quantity is not None:
        return None
    rows = (
        ("1個だけ", "Just one", "1"),
        ("2〜10個", "2 to 10", "10"),
        ("11〜100個", "11 to 100", "100"),
        ("それより多い", "More than that", "1000"),
    )
    return MissingQuestion(
        "quantity", Phrase("いくつ必要ですか。", "How many do you need?"), _choices(*rows), Aspect.QUANTITY
    )


def _material(need: Need) -> MissingQuestion | None:
    if need.material is None:
        rows = (
            ("金属（鉄など）", "Metal (steel and the like)", "鉄"),
            ("さびにくい金属", "Metal that does not rust", "ステンレス"),
            ("軽い金属", "Light metal", "アルミ"),
            ("プラスチック", "Plastic", "樹脂"),
        )
        return MissingQuestion(
            "material",
            Phrase("何でできた物にしますか。", "What should it be made of?"),
            _choices(*rows),
            Aspect.MATERIAL,
        )
    offered = grades(need.material.value, tuple(m.process_id for m in need.processes))
    if len(offered) < _WIDE:
        return None
    words = material_phrase(need.material.value)
    text = Phrase(f"{words.ja}の種類は決まっていますか。", f"Is the grade of {words.en} decided?")
    named = tuple(Choice(material_phrase(grade), grade) for grade in offered[:_MAX_CHOICES])
    return MissingQuestion("grade", text, (*named, _UNSURE), Aspect.MATERIAL)


def _finish(need: Need) -> MissingQuestion | None:
    if (
        not _BLACK.search(need.text)
        or _FINISH_KNOWN.search(need.text)
        or need.material is None
        or not _is_aluminium(need.material.value)
    ):
        return None
    rows = (
        ("色だけ", "Only the colour", "アルマイト"),
        ("傷や減りにも強く", "Hard-wearing too", "硬質アルマイト"),
        ("塗装でもよい", "Paint is fine", "塗装"),
    )
    text = Phrase(
        "色は見た目だけですか。傷や減りにも強くしますか。", "Is the colour only for looks, or must it resist wear too?"
    )
    return MissingQuestion("finish", text, _choices(*rows), Aspect.PROCESS)


def _is_aluminium(material: str) -> bool:
    return any("colour_anodisable" in materials()[hit.material_id].traits for hit in find_materials(material))


def _size(need: Need) -> MissingQuestion | None:
    if need.size_mm is not None:
        return None
    rows = (
        ("手のひらに乗る（10cmまで）", "Fits on a palm (up to 10 cm)", "100"),
        ("両手で持てる（30cmまで）", "Held in two hands (up to 30 cm)", "300"),
        ("机くらい（1mまで）", "Like a desk (up to 1 m)", "1000"),
        ("もっと大きい", "Larger", "2000"),
    )
    return MissingQuestion(
        "size", Phrase("大きさはどのくらいですか。", "About how large is it?"), _choices(*rows), Aspect.SIZE
    )


def _due(need: Need) -> MissingQuestion | None:
    if need.due is not None or _ANY_DATE.search(need.text):
        return None
    rows = (
        ("2週間以内", "Within two weeks", "14"),
        ("1か月以内", "Within a month", "30"),
        ("3か月以内", "Within three months", "90"),
        ("急がない", "No hurry", "none"),
    )
    return MissingQuestion(
        "due", Phrase("いつまでに必要ですか。", "By when do you need it?"), _choices(*rows), Aspect.DUE
    )


def _drawing(need: Need) -> MissingQuestion | None:
    if _DRAWING.search(need.text):
        return None
    rows = (
        ("図面がある", "I have a drawing", "drawing"),
        ("3Dデータがある", "I have a 3D model", "model"),
        ("手描きの絵がある", "I have a sketch", "sketch"),
        ("現物がある", "I have the object itself", "sample"),
        ("まだ何もない", "Nothing yet", "nothing"),
    )
    return MissingQuestion(
        "drawing",
        Phrase("図面や絵、現物はありますか。", "Do you have a drawing, a sketch or the object itself?"),
        _choices(*rows),
    )


def _tolerance(need: Need) -> MissingQuestion | None:
    if need.tolerance_mm is not None or need.size_mm is None:
        return None
    rows = (
        ("だいたいでよい（±0.5mm）", "Roughly (±0.5 mm)", "0.5"),
        ("ふつう（±0.1mm）", "Usual (±0.1 mm)", "0.1"),
        ("ぴったり合う（±0.02mm）", "A close fit (±0.02 mm)", "0.02"),
    )
    text = Phrase("寸法はどのくらい正確に必要ですか。", "How exact must the dimensions be?")
    return MissingQuestion("tolerance", text, _choices(*rows), Aspect.TOLERANCE)


def _supply(need: Need) -> MissingQuestion | None:
    if need.material is None or _SUPPLY.search(need.text):
        return None
    rows = (("工場に任せる", "The workshop buys it", "workshop"), ("こちらから渡す", "We supply it", "supplied"))
    return MissingQuestion(
        "supply", Phrase("材料はどちらで用意しますか。", "Who provides the material?"), _choices(*rows)
    )
