"""How many are wanted: counted things that are the parts themselves, not their holes, machines, people or prices."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matching.types import Reading
from matching.understanding.about import ABOUT_AFTER, ABOUT_BEFORE
from matching.understanding.numbers import COUNT, ENGLISH, FOLLOWING, english_number, number
from matching.understanding.source import Source

_COUNTER = (
    rf"(?:個体?|こ(?=[、。,\s]|で|$|{ABOUT_AFTER})|コ(?![ァ-ヺー])|ケ(?![ァ-ヺー])|マイ(?![ァ-ヺー])|ホン(?![ァ-ヺー])|ダイ(?![ァ-ヺー])|"
    rf"(?<=\d)(?:まい|ほん|だい|ぽん)(?=[、。,\s!?]|です|で|を|お|$|{ABOUT_AFTER})|"
    r"羽(?!根|毛|布|子|織)|灯(?!油|台|具|り)|ヶ(?!所|月)|箇(?!所|月)|枚(?!歯|刃|羽|貝|板)|本(?!体|社|日|当|人|"
    r"年|来|格|番|文|物|紙)|台(?!座|形|車|紙|所|風)|セット|部(?!品|分|屋|署|門|材|位)|冊|通(?!り|し|信|電|気|る|販|常|貨)|"
    r"着(?!色|脱|手|荷)|足(?!り|場|元)|組(?!立|み|合)|基(?!板|準|本)|点(?!検|灯|数|字|滴|溶接)|"
    r"丁|(?<!三)脚|"
    r"式(?!典)|ロット|ユニット|ピース|つ(?!折|き|け|な|ぶ|や|い|ま|る)|粒|巻|双|対(?!応|策)|パック|"
    rf"箱分|人分|名分|社分|体(?!積|裁|制|温|重)|玉|房|袋|ダース|箱(?=[。、\s)まお×]|$|分|を納|{ABOUT_AFTER})|"
    r"pcs?|pieces?|units?|sets?|copies|ea\b|nos\b|off\b|qty)"
)
# 「2、30個」 is twenty or thirty: the scale that is told with the second figure is that of the first as well.
_EITHER = "(?:" + "|".join(rf"(?<={a})[、,・]\s?{b}" for a, b in FOLLOWING) + r")(?P<scale>0{1,3}|[十百千万])(?![\d.])"
_N_OR_RANGE = (
    rf"(?P<n>{COUNT})(?P<range>(?<!\d\d){_EITHER}|\s?(?:個|枚|本|台)?\s?[~-]\s?{COUNT}|"
    rf"(?<!\d\d)[、,・]\s?[\d二三四五六七八九](?![\d.])|\s?(?:個|枚|本|台)?から\s?{COUNT}|"
    rf"\s?or\s?{COUNT}| to {COUNT})?"
)
_COUNTED = re.compile(
    rf"(?:(?<=\bca\.)|(?<=approx\.)|(?<![a-z\d./#№±φ-]))(?<!\d×){_N_OR_RANGE}(?P<about>余り)?\s?(?P<counter>{_COUNTER})(?P<parts>分)?(?![a-z])"
)
_LABELLED = re.compile(
    rf"(?:数量|員数|個数|枚数|本数|台数|数(?=[はが:])|部数|冊数|ロット(?:数|サイズ)?|製作数|"
    rf"必要数|生産数|注文数|発注数|q'?ty\.?|quantity|amount|volume|batch(?: size)? of|"
    rf"lot(?: size)? of|run of|order of|(?<![a-z])n(?==)|(?<![一-龥])各(?=\s?\d{{1,6}}(?:[。、\s]|$))|どれも(?=\s?\d))"
    rf"\s?(?:[:=は/)」】]|\s|が|of|is|{ABOUT_BEFORE}|合計|"
    rf"計){{0,4}}{_N_OR_RANGE}(?:\s?(?P<counter>ダース))?(?!\s?(?:mm|ミリ|cm|℃|%|/))"
)
_ENGLISH_N = re.compile(
    r"(?<![a-z\d./#№±φ×x-])(?<!x )(?P<n>\d{1,3}(?:,\d{3})+|\d{1,7}|a single|a pair of|a couple of|"
    r"just one|only one|one|" + ENGLISH + r")"
    # Looked at without being taken: 「scan the old one and make one new piece」 counts in its second half.
    r"(?:-?ish)?(?: or so)?(?=(?P<words>(?:[ -][a-z0-9/.'&()-]{1,20}){1,7}))"
)
_ONE_ONLY = re.compile(r"\b(?:just|only) one\b|\bone[- ]off\b|一点物|一品物|ワンオフ")
_SPOKEN_COUNTS = {"ふたつ": 2, "みっつ": 3, "よっつ": 4, "いつつ": 5, "むっつ": 6}
_SPOKEN = re.compile("|".join(_SPOKEN_COUNTS))
_STOP = re.compile(
    r"x|by|mm|cm|m|in|inch|inches|micron|microns|um|°|deg|or|and|to|per|of|hrc|years?|weeks?|"
    r"days?|months?|hours?|for|with|from|at|"
    r"that|which|is|are|was|has|have|will|on|off-|each|dia|diameter|thick|long|wide|deep|tall|"
    r"high|kg|g|n|v|w|axis|.*\d{3}-.*|the|we|i|percent"
)
# 「陳列台40、アクリルで」「小皿200!」: the figure that ends the first clause counts what the clause names.
_FIRST_CLAUSE = re.compile(r"^[^、。!?\n\d]{1,24}[ぁ-んァ-ヶー一-龥](?P<n>\d{1,6})(?=[、。!\n]|$)")
# 「scan the lever and print six in nylon」
_VERB_N = re.compile(
    r"\b(?:print|make|build|machine|cast|mou?ld|cut|turn|sew|weave|need|want|order|produce)\s"
    rf"(?P<n>\d{{1,6}}|{ENGLISH})(?=\s(?:in|from|out of|for|by)\b)"
)
# Whole things are counted by these; what is counted in a multiple of them goes into them.
_WHOLES = re.compile(r"(?:セット|部|冊|台|組|箱|キット)$")
_TIMES_N = re.compile(
    r"(?<![a-zφ\d])(?<!\d\s)(?<![m\")角] )(?:x|×)\s?(?P<n>\d{1,6})(?:\s?(?:pcs|off|"
    r"ea))?(?=[.,;。、]|\s(?!(?:x|×|mm|cm|m|thick|long|deep)(?![a-z]))|$)|"
    r"(?<![\w.×])(?P<n2>\d{1,6})\s?(?:x|-off|off)\s(?=[a-z]{3})"
)
# Right before a count: things counted that belong to the part.
_FEATURE = (
    r"(?:穴|孔|タップ|m\d{1,2}の?(?:ねじ|ネジ)|曲げ|溝|ポケット|リブ|ボス|座|面|歯|スリット|か所|箇所|へこみ|くぼみ|凹み|"
    r"φ\d{1,3}(?:\.\d{1,2})?|m\d{1,2}|tap|hole)"
)
_FEATURE_BEFORE = re.compile(rf"{_FEATURE}(?:を|が|は|も|×|x|\s|には|加工)?(?:各|計|合計|それぞれ|全部で|全)?\s?$")
# Holes and threads are not counted by the sheet: 「四隅に穴　10枚」 wants ten plates.
_NEVER_OF_FEATURES = frozenset({"枚", "マイ", "台", "冊", "着", "足", "セット", "脚", "箱"})
_EACH_BEFORE = re.compile(
    r"(?:あたり|当たり|当り|につき|ごとに|毎に|@|単価|最大|以前|前回(?:は)?|昨年|従来|今まで|"
    r"これまで|現物|実物|見本[はが]|led\s?|1(?:箱|台|個|組|袋|冊|セット|枚)に|日産|1日|一日|社員|従業員|機械(?!を)|設備|人員|シリーズ|年間?に?最大)[^。、\n]{0,5}$"
)
_NOT_WANTED_AFTER = re.compile(
    r"^(?:あたり|当たり|当り|につき|ごと|毎に|\s?約?\d[\d,.]*\s?(?:円|万円|yen)|"
    r"の(?:同じ)?(?:機械|設備|穴|溝|工作機|旋盤|会社|工場|サンプル写真|型で|モーター|センサー|"
    r"リブ|羽|歯|面|孔|ネジ|ねじ|ボルト)|ずつ検|もの(?:で|が|の)|"
    r"物の|から(?=、|つなぎ|継ぎ|一体|くり抜|削り出)|の(?:円い|丸い|大きな)?板から|の板を|に穴|目(?!標)|分(?:で|に)|ずつ(?!試|作|お願|の)|"
    r"(?:だけ)?(?:が|は)?(?:欠け|壊|折れ|割れ|破損|紛失|余|残|無事)|だけが?あ[るり]|を?参考に|持って|手元に|"
    r"入[りるれ]|はい[りる]|並[ぶべ]|収[まめ]|だと\d|では?高|[でにの]?\d+円|"
    r"で\d+円|取り|構成|建て|付き|つき|掛け|立て|刃|口|芯|軸|穴|円|単位で|以上まとめ|仕立て|"
    r"もの。|しか(?:ない|無|あり|残)|(?:の)?(?:見本|サンプル)(?:が|は)?(?:あり|手元)|しかな|/日|"
    r"/h)"
)
_LATER_CUE = re.compile(
    r"(?:売れたら|次は|次回|将来|その後|のちに|後々|いずれ|ゆくゆく|追加|増産|量産(?:は|時|では|"
    r"に|段階)|本番は|最終的に|来年以降|年間|うまくいけば|好評なら|良ければ|よければ|later|then|"
    r"eventually|next year|production|annual\w*|if .{0,20})"
)
_FIRST_CUE = re.compile(
    r"(?:まず(?:は)?|初回|最初|とりあえず|試作|試しに|今回|一旦|いったん|手始めに|first|"
    r"initial\w*|start(?:ing)? with|prototype|trial|need|want|order|quote for|make|looking for|"
    r"require\w*|prototyping)"
)
_WANTED_AFTER = re.compile(
    rf"^(?:分)?(?:だけ|{ABOUT_AFTER}|のみ)?(?:を|が|の|、|で|は|に|もの|"
    r"ずつ)?[^。\n]{0,12}(?:お願い|ほし|欲し|作|つく|製作|製造|試作|試|注文|発注|必要|頼|いただ|"
    r"希望|依頼|仕上|納|加工|生産|リピート|予定|揃え|削|入用|探し|用意|見積)"
)
_TOTAL_BEFORE = re.compile(r"(?:計|合計|全部で|合わせて|トータル)\s?$")
_LABEL_WEIGHT, _FIRST_WEIGHT, _WANTED_WEIGHT = 8, 3, 2
_NOT_PLURAL = frozenset(
    [
        "mm",
        "cm",
        "weeks",
        "days",
        "months",
        "years",
        "hours",
        "minutes",
        "holes",
        "taps",
        "threads",
        "bends",
        "microns",
        "channels",
        "ports",
        "people",
        "persons",
        "employees",
        "slots",
        "pockets",
        "sides",
        "faces",
        "ends",
        "places",
        "spots",
        "walls",
        "layers",
        "pages",
        "colours",
        "colors",
        "axes",
        "axis",
        "inches",
        "teeth",
        "ribs",
        "screws-holes",
        "grooves",
        "flanges",
        "volts",
        "amps",
        "watts",
        "degrees",
        "shops",
        "companies",
        "firms",
        "quotes",
        "suppliers",
        "workshops",
        "machines",
        "drawings",
        "files",
        "photos",
        "sketches",
        "passives",
        "connectors",
        "conductors",
        "cores",
        "pins-holes",
        "locations",
        "positions",
        "corners",
        "edges",
        "bosses",
        "features",
        "kg",
        "grams",
        "metres",
        "meters",
        "centimetres",
        "centimeters",
        "millimetres",
        "millimeters",
        "surfaces",
        "steps",
        "points",
        "wires",
        "strands",
        "dollars",
        "yen",
        "euros",
        "percent",
        "times",
        "options",
        "versions",
        "materials",
        "stages",
        "processes",
        "operations",
        "cavities",
        "phases",
        "fins",
        "blades",
        "magnets",
        "leds",
        "buttons",
        "batteries",
        "sensors",
        "motors",
        "bearings",
        "lambda",
        "was",
        "is",
        "has",
        "does",
        "this",
        "us",
        "address",
        "needs",
        "sizes",
        "wants",
        "plus",
        "minus",
        "thus",
        "less",
        "gas",
        "bus",
        "always",
        "perhaps",
        "across",
        "access",
        "business",
        "less",
        "address",
        "accuracy",
        "tolerances",
        "rings-holes",
    ]
)
_ADJECTIVES = frozenset({"wireless", "seamless"})
_PLURAL = re.compile(r"[a-z]{2}s$|^(?:pcs?|pieces?|chassis|copies|dies|off|ea)$")
_SINGULAR = re.compile(
    r"(?:^|-)(?:prototype|sample|unit|piece|part|set|housing|bracket|shaft|gear|mould|mold|"
    r"frame|box|case|cover|model|tank|chamber|fixture|jig|cabinet|enclosure|valve|plate|block|"
    r"die|impeller|roller|casting|mirror|lens|board|tray|tool|book|panel|assembly|manifold|"
    r"flange|rotor|stand|table|chair|lamp|sign|bag|rack|mockup|mock-up|replacement|replica|copy|"
    r"off|only|machine-part|body|blank|insert|electrode|pump|rod|pipe|tube|bush|pulley|sprocket|"
    r"spring|nozzle|adapter|adaptor|wheel|knob|handle|holder|ring|disc|disk)$"
)


@dataclass(frozen=True, slots=True)
class Found:
    value: int
    weight: int
    start: int
    end: int


def read_quantity(
    source: Source, taken: list[tuple[int, int]], size_places: list[tuple[int, int]]
) -> Reading[int] | None:
    """The number of parts of the first lot; None where the text gives none or only says "a few"."""
    blocked = {i for a, b in (*taken, *size_places) for i in range(a, b)}
    found = [f for f in _everything(source) if f.weight > 0 and f.value > 0 and f.start not in blocked]
    found = [f for f in found if not _goes_with(source, f, found)]
    if not found:
        return None
    best = max(found, key=lambda f: (f.weight, -f.start))
    return Reading(best.value, (source.span(best.start, best.end),))


def _goes_with(source: Source, one: Found, found: list[Found]) -> bool:
    """What goes into the whole or is ordered besides: 「ゲーム200セット、コマ計1600個」, 「軸1本。併せてヘラを6枚」."""
    before = [f for f in found if f.end <= one.start]
    if before and source.is_beside(one.start):
        return True
    wholes = [f for f in before if f.value > 1 and _WHOLES.search(source.text[f.start : f.end])]
    return any(one.value > f.value and one.value % f.value == 0 for f in wholes)


def _everything(source: Source) -> Iterator[Found]:
    yield from _labelled(source)
    yield from _counted(source)
    yield from _english(source)


def _labelled(source: Source) -> Iterator[Found]:
    for match in _LABELLED.finditer(source.text):
        yield Found(
            _whole(match),
            _LABEL_WEIGHT + 4 * min(0, _lot(source, match.start("n"))),
            match.start("n"),
            match.end(),
        )


def _whole(match: re.Match[str]) -> int:
    scale = match["scale"] or ""
    value = number(match["n"]) * (10 ** len(scale) if scale.isdigit() else number(f"一{scale}"))
    return int(value) * (12 if match["counter"] == "ダース" else 1)


def _lot(source: Source, at: int) -> int:
    """1 where the nearest words before speak of a first lot, -1 where they speak of a later one, else 0."""
    before = source.before(at, 22)
    later, first = (max((m.start() for m in p.finditer(before)), default=-1) for p in (_LATER_CUE, _FIRST_CUE))
    return (first > later) - (later > first)


def _counted(source: Source) -> Iterator[Found]:
    for match in _COUNTED.finditer(source.text):
        if source.text[max(0, match.start() - 1) : match.start()] in ("数", "第", "何", "十"):
            continue
        weight = 0 if _is_not_wanted(source, match) else _weight(source, match.start(), match.end())
        weight += 3 * bool(_TOTAL_BEFORE.search(source.before(match.start(), 8))) * (weight > 0)
        if match["counter"] in ("つ", "点", "体", "式", "箱分", "人分", "ロット"):
            weight -= 1
        if match["counter"] in ("箱", "袋"):
            # What the parts are packed in is counted besides them.
            weight = max(min(weight, 1), weight - 3)
        yield Found(_whole(match), weight, match.start("n"), match.end())


def _is_not_wanted(source: Source, match: re.Match[str]) -> bool:
    before, after = source.before(match.start(), 16), source.after(match.end(), 14)
    of_the_part = match["counter"] not in _NEVER_OF_FEATURES and _FEATURE_BEFORE.search(before)
    if of_the_part or _EACH_BEFORE.search(before):
        return True
    return bool(_NOT_WANTED_AFTER.search(after))


def _weight(source: Source, start: int, end: int) -> int:
    lot = _lot(source, start)
    weight = 4 + _FIRST_WEIGHT * (lot > 0) + _WANTED_WEIGHT * bool(_WANTED_AFTER.search(source.after(end, 26)))
    if start and source.text[start - 1] in "月をが、":
        weight += 1
    return max(1, weight - 4 * (lot < 0))


def _english(source: Source) -> Iterator[Found]:
    for match in _ENGLISH_N.finditer(source.text):
        value, end = _english_value(match["n"]), _end_of_parts(match)
        if value is not None and end:
            yield Found(value, _weight(source, match.start(), end) - 2, match.start("n"), end)
    for match in _SPOKEN.finditer(source.text):
        yield Found(_SPOKEN_COUNTS[match.group()], 3, match.start(), match.end())
    first = _FIRST_CLAUSE.match(source.text)
    if first:
        yield Found(int(first["n"]), 2, first.start("n"), first.end())
    for match in _VERB_N.finditer(source.text):
        yield Found(_english_value(match["n"]) or 0, 3, match.start("n"), match.end())
    for match in _ONE_ONLY.finditer(source.text):
        yield Found(1, 2, match.start(), match.end())
    for match in _TIMES_N.finditer(source.text):
        yield Found(int(match["n"] or match["n2"]), 3, match.start(), match.end())


def _english_value(words: str) -> int | None:
    if words[0].isdigit():
        return int(words.replace(",", ""))
    singles = {"a single": 1, "one": 1, "just one": 1, "only one": 1, "a pair of": 2, "a couple of": 2}
    return singles.get(words, int(english_number(words)) or None)


def _end_of_parts(match: re.Match[str]) -> int:
    """Where the noun of 「six hardened plates」 ends in the text; 0 if what is counted is no part of its own."""
    single = match["n"] in ("one", "a single", "just one", "only one", "1")
    words = re.sub("^ of (?=our|these|the|them|your)", "    ", match["words"])
    for word in re.finditer(r"[a-z0-9/'&-]+\.?", re.sub("^(?:     the|-)", lambda m: " " * len(m[0]), words)):
        bare = word.group().rstrip(".")
        if _STOP.fullmatch(bare) or bare in _NOT_PLURAL:
            return 0
        if bare in _ADJECTIVES:
            continue
        if (_SINGULAR if single else _PLURAL).search(bare):
            return match.start("words") + word.end()
        if word.group().endswith("."):
            return 0
    return 0
