"""Whether a figure that no word names (「3センチくらいの部品」, "a part of about 30 mm") is the size of the part.

It is where the words right around it say so: a word for size, a word for the thing itself, or a clause of its own that
only says about how large. Wherever a feature, a place or a distance may be meant, it is not.
"""

import re

from matching.understanding.about import ABOUT_AFTER, ABOUT_BEFORE
from matching.understanding.source import Source

#: What is in or on a part: its lengths are not those of the part.
FEATURE = (
    r"(?:穴|孔|タップ|ねじ|ネジ|めねじ|溝|スリット|ポケット|リブ|ボス|(?<!丸)窓|面取り?|段差|キー(?!ホルダ)|隙間|"
    r"間隔|ピッチ|切り欠き|切欠|長穴|座ぐり|ザグリ|"
    r"流路|チャンネル|筋|歯|先端|線|文字|刻印|ロゴ|目盛|ボルト穴|貫通|凹み|くぼみ|凸|フィレット|"
    r"余白|糸|電線|線材|パターン|ドット|"
    r"holes?|slots?|grooves?|channels?|taps?|threads?|pockets?|bores?|ribs?|walls?|windows?|"
    r"chamfers?|fillets?|letters?|text|logo|gaps?|pitch|traces?|features?|cut-?outs?|openings?)"
)
_THING = (
    r"(?:部品|パーツ|もの|物|やつ|作品|製品|試作品?|小?品(?!質|番|目)|品物|小物|金具|部材|ワーク|模型|飾り|置物|人形|フィギュア|"
    r"箱|ケース|ブロック|かたまり|塊|固まり|つまみ|ボタン|バッジ|コマ|キーホルダー|アクセサリー|チャーム|ペンダント|メダル)"
)
_THING_EN = (
    r"(?:parts?|pieces?|components?|objects?|items?|things?|blocks?|boxes|box|cases?|brackets?|knobs?|buttons?|badges?|"
    r"figures?|figurines?|models?|ornaments?|pendants?|charms?)"
)
_STOCK = r"(?:ステンレス|sus\d{3}|アルミ|鉄|鋼|銅|真鍮|黄銅|チタン|アクリル|樹脂|プラスチック|金属|木|ゴム|革|布|紙)"
_LIKE = (
    rf"(?:(?:小さ[なめい]|ちいさ[なめい]|ちっちゃ[ない]|大きな|丸い|四角い|細かい|簡単な|小型|{_STOCK}製?)の?){{0,2}}"
)
_ENDS = r"(?:です|でしょうか|かな|かと|と思|になります|で(?:す|お願い)?)?\s?(?:[、。,;)・\n]|\.(?:\s|$)|$)"
_ASKED = r"(?:作|つく|製作|試作|削|切り出|加工|お願い|頼|見積|ほし|欲し|注文|探し)"

_SIZE_BEFORE = re.compile(
    r"(?:(?:^|[、。,;:(・\s]|の|部品|製品|完成|全体|本体|仕上が?り)(?:大きさ|サイズ)|外形寸法|外寸|\b(?:size|measur(?:es|ing)))"
    rf"(?:は|が|で|:|=|も|\s|として|is|of)*{ABOUT_BEFORE}?\s*$"
)
_SIZE_AFTER = re.compile(rf"^(?:の(?:大きさ|サイズ)|大の|サイズの|\s(?:in size|big|large|overall)\b)(?!の?{FEATURE})")
_THING_AFTER = re.compile(
    rf"^の(?:{_LIKE}{_THING}(?:です|でし|で|は|[、。,;)]|\s|の(?!中|上|間|横)|$|を(?:\d|約|[^。、\n]{{0,3}}{_ASKED})|が(?:\d|ほし|欲し))"
    rf"|を(?:\d|[^。、\n]{{0,3}}{_ASKED})|が(?:ほし|欲し))"
)
_THING_AFTER_EN = re.compile(rf"^[\s-](?:[a-z]+\s){{0,2}}{_THING_EN}\b")
_THING_BEFORE = re.compile(rf"(?:{_THING}|これ|それ)は{ABOUT_BEFORE}?\s*$")
_THING_BEFORE_EN = re.compile(
    rf"\b(?:{_THING_EN}(?:,| of| is| are| measuring| that is| that are)?|it is|it's|they are)\s{ABOUT_BEFORE}\s*$"
)
_GOES_ON_EN = re.compile(r"^\s?(?:[,.;)]|$|(?:in|made|for|each)\b)")
_OPENS = re.compile(rf"(?:^|[、。,;:(・\n])\s*{ABOUT_BEFORE}?\s*$")
_CLOSES = re.compile(rf"^{_ENDS}")
_ABOUT_BEFORE = re.compile(rf"{ABOUT_BEFORE}\s*$")
_ABOUT_AFTER = re.compile(rf"{ABOUT_AFTER}$")
# 「端から3センチの部品」「3cm×」: a distance, a step on the way, one of several crossed figures.
_NOT_ALONE = re.compile(rf"(?:から|より|まで|を|に|へ|が|と|[x×*/~\d]|\bby|\bfrom)\s*{ABOUT_BEFORE}?\s*$")
_OF_SOMETHING_ELSE = re.compile(
    rf"{FEATURE}|切り?込|すき|距離|位置|所|ところ|端|移動|動|離|伸|縮|曲|厚|深|幅|高|長|太|径|公差|精度|誤差|ずれ|ズレ|ケーブル|コード|"
    r"distance|edge|apart|toleran|accura|thick|deep|wide|high|long|cable|cord|wire"
)
_NEAR = 24


def tells_size(source: Source, start: int, end: int) -> bool:
    """Whether the figure at `start:end`, with its unit and a word for about, says how large the part is."""
    before, after = source.text[max(0, start - _NEAR) : start], source.after(end, _NEAR)
    if _NOT_ALONE.search(before):
        return False
    if _SIZE_BEFORE.search(before) or _SIZE_AFTER.search(after) or _THING_AFTER.search(after):
        return True
    about = _ABOUT_AFTER.search(source.text[start:end]) or _ABOUT_BEFORE.search(before)
    return bool(about) and _is_about_the_part(before, after)


def _is_about_the_part(before: str, after: str) -> bool:
    if _THING_AFTER_EN.search(after) or (_THING_BEFORE_EN.search(before) and _GOES_ON_EN.search(after)):
        return True
    if not _CLOSES.search(after):
        return False
    alone = _OPENS.search(before) and not _OF_SOMETHING_ELSE.search(before)
    return bool(alone or _THING_BEFORE.search(before))
