"""What can be wrong with a firm in a form or a file, where it stands, and how to mend it.

A fault is kept as a code with its facts; the sentences are made when it is shown, in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.core.i18n import gettext, mark

LONGEST_VALUE_SHOWN = 80


class FaultCode(StrEnum):
    REQUIRED = "required"
    TOO_LONG = "too_long"
    CONTROL_CHARACTERS = "control_characters"
    MOJIBAKE = "mojibake"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    LOT_ORDER = "lot_order"
    ENVELOPE = "envelope"
    NEGATIVE_ENVELOPE = "negative_envelope"
    CHECK_DIGIT = "check_digit"
    CORPORATE_NUMBER = "corporate_number"
    CHOICE = "choice"
    DATE = "date"
    NOT_MONDAY = "not_monday"
    WEBSITE = "website"
    POSITION = "position"
    FORMULA = "formula"
    CELL_ERROR = "cell_error"
    WRONG_TYPE = "wrong_type"
    NOT_JSON = "not_json"
    DUPLICATE_CODE = "duplicate_code"
    DUPLICATE_NUMBER = "duplicate_number"
    DUPLICATE_NAME = "duplicate_name"
    CODE_CONFLICT = "code_conflict"
    NUMBER_TAKEN = "number_taken"
    UNKNOWN_WARD = "unknown_ward"
    UNKNOWN_PROCESS = "unknown_process"
    EQUIPMENT_UNREAD = "equipment_unread"
    ADDRESS_NOT_FOUND = "address_not_found"
    TOO_MANY_ITEMS = "too_many_items"


# These are told but do not stand in the way: the words are kept as they were written.
WARNINGS = frozenset(
    {
        FaultCode.UNKNOWN_PROCESS,
        FaultCode.EQUIPMENT_UNREAD,
        FaultCode.ADDRESS_NOT_FOUND,
        FaultCode.UNKNOWN_WARD,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in one field of a draft; `field` is a path such as `equipment.0.envelope_mm`."""

    field: str
    code: FaultCode
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a file. `row` is the row or line as the file's own program counts it, from 1."""

    row: int
    column: str
    code: FaultCode
    value: str = ""
    hint: str = ""

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS


# What is wrong, and what to do about it. %(value)s is what stands there, %(hint)s what helps.
SENTENCES: Mapping[FaultCode, tuple[str, str]] = {
    FaultCode.REQUIRED: (mark("書かれていません。"), mark("必ず要る項目です。書いてください。")),
    FaultCode.TOO_LONG: (mark("長すぎます。"), mark("%(hint)s文字までに縮めてください。")),
    FaultCode.CONTROL_CHARACTERS: (
        mark("目に見えない制御文字が入っています。"),
        mark("この欄を消して、手で打ち直してください。"),
    ),
    FaultCode.MOJIBAKE: (
        mark("文字が壊れています(文字化け)。"),
        mark("正しい文字に打ち直してください。%(hint)s"),
    ),
    FaultCode.NOT_A_NUMBER: (mark("数字として読めません。"), mark("数字だけを書いてください。例:%(hint)s")),
    FaultCode.NOT_WHOLE: (mark("整数ではありません。"), mark("小数点のない数字にしてください。")),
    FaultCode.NEGATIVE: (mark("0より小さい、または0の値です。"), mark("0より大きい数字に直してください。")),
    FaultCode.TOO_LARGE: (
        mark("値が大きすぎます。"),
        mark("単位と桁を確かめてください。上限は%(hint)sです。"),
    ),
    FaultCode.LOT_ORDER: (
        mark("最小の数量が最大の数量より大きくなっています。"),
        mark("最小と最大を入れ替えるか、直してください。"),
    ),
    FaultCode.ENVELOPE: (
        mark("加工範囲が3つの数字ではありません。"),
        mark("幅×奥行×高さ(mm)の3つを書いてください。例:650×450×350"),
    ),
    FaultCode.NEGATIVE_ENVELOPE: (
        mark("加工範囲に0以下の数字があります。"),
        mark("マイナスの記号を取り、0より大きい長さ(mm)に直してください。"),
    ),
    FaultCode.CHECK_DIGIT: (
        mark("法人番号の検査用数字(先頭の1桁)が合いません。"),
        mark("国税庁の法人番号公表サイトで13桁を確かめてください。"),
    ),
    FaultCode.CORPORATE_NUMBER: (
        mark("法人番号が13桁の数字ではありません。"),
        mark("13桁の数字にするか、個人事業なら空にしてください。"),
    ),
    FaultCode.CHOICE: (mark("選べる言葉ではありません。"), mark("次のどれかにしてください:%(hint)s")),
    FaultCode.DATE: (mark("日付として読めません。"), mark("2026-12-07 のように書いてください。")),
    FaultCode.NOT_MONDAY: (
        mark("週の始まりが月曜日ではありません。"),
        mark("その週の月曜日の日付にしてください。例:%(hint)s"),
    ),
    FaultCode.WEBSITE: (
        mark("ホームページの番地ではありません。"),
        mark("https:// で始まる番地を書いてください。"),
    ),
    FaultCode.POSITION: (
        mark("緯度・経度が日本の範囲にありません。"),
        mark("空にすると、住所から地図の位置を決めます。"),
    ),
    FaultCode.FORMULA: (
        mark("計算式が入っています。"),
        mark("式の結果を「値として貼り付け」で置き換えてください。"),
    ),
    FaultCode.CELL_ERROR: (
        mark("表計算のエラー(%(value)s)が入っています。"),
        mark("正しい値に直すか、空にしてください。"),
    ),
    FaultCode.WRONG_TYPE: (mark("値の形が違います。"), mark("次の形にしてください:%(hint)s")),
    FaultCode.NOT_JSON: (
        mark("この行はJSONとして読めません。"),
        mark("1行に1社、波かっこで囲んだ形にしてください。%(hint)s"),
    ),
    FaultCode.DUPLICATE_CODE: (
        mark("同じコードの行がこのファイルにもう1つあります。"),
        mark("%(hint)s行目と見比べて、1つにまとめてください。"),
    ),
    FaultCode.DUPLICATE_NUMBER: (
        mark("同じ法人番号の行がこのファイルにもう1つあります。"),
        mark("%(hint)s行目と見比べて、1つにまとめてください。"),
    ),
    FaultCode.DUPLICATE_NAME: (
        mark("名前と住所が同じ会社がもう1つあります。"),
        mark("%(hint)sと見比べて、同じ会社ならコードをそろえるか、1つにまとめてください。"),
    ),
    FaultCode.CODE_CONFLICT: (
        mark("コードと法人番号が、台帳の別々の会社を指しています。"),
        mark("台帳の「%(hint)s」を確かめて、どちらかを直してください。"),
    ),
    FaultCode.NUMBER_TAKEN: (
        mark("この法人番号は台帳の別の会社に付いています。"),
        mark("台帳の「%(hint)s」を確かめてください。"),
    ),
    FaultCode.UNKNOWN_WARD: (
        mark("東京の区市町村の名前ではありません。"),
        mark("そのまま取り込みますが、地図には出ません。"),
    ),
    FaultCode.UNKNOWN_PROCESS: (
        mark("知らない工程の言葉です。"),
        mark("このまま取り込めますが、工程からは探しにくくなります。%(hint)s"),
    ),
    FaultCode.EQUIPMENT_UNREAD: (
        mark("設備の欄に読み取れない行があります。"),
        mark("その行は備考として残します。画面で直せます。"),
    ),
    FaultCode.ADDRESS_NOT_FOUND: (
        mark("住所から地図の位置が分かりません。"),
        mark("東京都の区市町村と町名から書いてください。"),
    ),
    FaultCode.TOO_MANY_ITEMS: (mark("項目が多すぎます。"), mark("%(hint)s件までにしてください。")),
}


def what(fault: Fault | Problem) -> str:
    """What is wrong, in the present language."""
    return gettext(SENTENCES[fault.code][0], value=shown(fault.value), hint=fault.hint)


def remedy(fault: Fault | Problem) -> str:
    """What to do about it, in the present language."""
    return gettext(SENTENCES[fault.code][1], value=shown(fault.value), hint=fault.hint)


def shown(value: str) -> str:
    """What stands there, short enough and without characters that would break a line."""
    clean = "".join(c if c.isprintable() else "�" for c in value)
    return clean if len(clean) <= LONGEST_VALUE_SHOWN else clean[:LONGEST_VALUE_SHOWN] + "…"
