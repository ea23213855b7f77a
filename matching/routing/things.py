"""Whether the words that tell of an operation ask for it, or name a thing, describe one, or only liken something."""

import re

from matching.routing.practice import kind, practice
from matching.types import Span

# 「計測ボックス」「プレス抜き型」: a word that runs on into a noun names the product, not a thing to be done.
_RUNS_ON = re.compile(
    r"^(?:き型(?![にでを])|用(?!意)|抜き型|金型|型(?![彫打枠])|軸(?![をが受])|機(?!械|能|構|上|会)|装置|[ァ-ヶー]{2,}(?!ー?(?:加工|処理|仕上)))"
)
# 「曲げてニッケル」: after such an ending another step begins.
_VERB_GOES_ON = re.compile(r"[ってんいしきりえげせべめれけ][てで]$")
_WORK = re.compile(
    r"^(?:プレス|レーザ|マシニング|フライス|メッキ|アルマイト|コーティング|カット|バフ|ライン|チェック|テスト|パウダー)"
)
# 「ダイプレートの型の入れ子」: a thing with の and another thing behind it describes; it is not ordered here.
_THING = re.compile(r"(?:型(?!枠)|レンズ|鋳物|鍛造品|成形品|板金|歯車|ギア|鋼板)$")
# Stock as it is bought, and parts that are only put on.
_STOCK = re.compile(r"^(?:材(?!料)|型材|形材|素材|品を支給|足を|パッキンを)")
_OF_A_THING = re.compile(
    r"^の(?:[中下上横脇裏]に(?:使|入|敷|置|当)|(?!あと|後|前|方|順|際|上|中|表|加工|仕上|研|磨|製作|設計|成形|試作|組))"
)
_ATTRIBUTE = re.compile(
    r"^で(?:作|つく|造)(?:る|った)(?=[一-龥ァ-ヶ])|^(?:加工|処理|仕上げ?)?(?:の|済みの|した)(?!あと|後|前|ち|上|で|ら|い|ほう|方|も(?!の)|が|を|り)"
)
# 「番号を入れる箱」: a verb that runs on into a noun says what the noun is like.
_RELATIVE = re.compile(
    r"^(?:る|た|った|いた|した)(?=[一-龥ァ-ヶ]|い?[ぁ-ん]{1,2}い[一-龥ァ-ヶ])(?!後|上|方|状態|時|際|所|形で|物を)"
)
# 「鋳物をこちらから送ります」: what is there already is not ordered.
_IS_THERE = re.compile(
    r"^(?:の?(?:品|材|物|型|部品))?(?:は|を|が)[^。、]{0,10}(?:支給|送り|送る|渡し|預け|既に|すでに|あります|持って|手元|用意し|買い|買う|購入)"
)
# 「温度を測る箱」「測定器の台」: what a thing is for is not done to it.
_PURPOSE = re.compile(
    r"^(?:るため|る(?=[一-龥ァ-ヶ]|[ぁ-ん]{2,6}[一-龥ァ-ヶ])(?!こと|の(?:も|は|が|を|に)|際|時|所|必要))"
    r"|^る?(?:器|機(?!械)|装置|室|場|棒)"
)
# 「つや消しの黒」 is a colour; 「PLCの配線」 is wiring.
_MATTE_COLOUR = re.compile(r"^し?の?(?:黒|白|グレー|灰|銀|アルマイト)")
_PART_OF_LIST = re.compile(r"^(?:の配線|や|と|を(?:入|組|載|使))")
_DIMENSION = re.compile(r"寸法|形状|精度|真円|平面|硬|粗さ|全数|径|厚|公差|検査")
_INSTRUMENT = re.compile(r"(?:器|機|装置|計)$")
_LIKENESS = re.compile(r"^(?:みたい|のよう|並み|風)")
# 「消えない黒い番号」: the colour of something else on the part.
_COLOURED_THING = re.compile(r"^(?:番号|文字|ロゴ|名前|線|目盛|マーク|箱|紙|布|革|糸|インク)")
_ATTRIBUTE_EN = re.compile(r"(?:ed|cast)$")


def describes(span: Span, text: str) -> bool:
    """Whether the words say what the part is like (「溶接した枠」, "a cast base"): their place then tells no order."""
    after = text[span.end : span.end + 8]
    english = bool(_ATTRIBUTE_EN.search(span.text)) and bool(re.match(r" [a-z]", after))
    return bool(_ATTRIBUTE.match(after) or _RELATIVE.match(after)) or english


def is_there(span: Span, text: str) -> bool:
    """Whether the thing is there already and comes along."""
    return bool(_IS_THERE.match(text[span.end : span.end + 24]))


def only_likens(process_id: str, span: Span, text: str) -> bool:
    """「鋳物みたいに丈夫」 asks for no casting; 「鏡みたいに」 does ask for a polish."""
    after = text[span.end : span.end + 6]
    if process_id in {"blasting", "matte_finish"} and _MATTE_COLOUR.match(after):
        return True
    if kind(process_id) == "coat":
        return bool(_COLOURED_THING.match(after))
    if kind(process_id) == "look":
        return bool(_is_purpose(span, text))
    if process_id == "plc_programming":
        return bool(_PART_OF_LIST.match(after))
    return practice(process_id).shapes and bool(_LIKENESS.match(after))


def _is_purpose(span: Span, text: str) -> bool:
    """A dimension is measured; whatever else is measured, a thing is for."""
    before, after = text[max(0, span.start - 12) : span.start], text[span.end : span.end + 12]
    measured = _DIMENSION.search(before + span.text)
    verb = "る" if span.text.endswith("る") else ""
    return not measured and bool(_PURPOSE.match(verb + after) or _INSTRUMENT.search(span.text))


def names_a_thing(span: Span, text: str) -> bool:
    """Whether a word runs on into the name of a product, of a stock or of what comes along."""
    after = text[span.end : span.end + 12]
    runs_on = _RUNS_ON.match(after) and not _WORK.match(after) and not _VERB_GOES_ON.search(span.text)
    if runs_on and not text[span.end - 1].isascii():
        return True
    return bool(_STOCK.match(after) or _IS_THERE.match(after)) or bool(
        _THING.search(span.text) and _OF_A_THING.match(after)
    )
