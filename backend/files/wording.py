"""Why a file is not taken, said so that somebody who is no specialist can mend it."""

from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import FORMS, Kind

TAKEN = mark("PDF・PNG・JPEG・WebP・STEP・IGES・DXF・DWG・STL・XLSX・CSV・TXT")
_PRINT = mark("元の図面を開き、「印刷」で「PDFとして保存」を選んで作り直したPDFを送ってください。")

# What is the matter, and what to do.
_SAID: dict[FaultCode, tuple[str, str]] = {
    FaultCode.EMPTY: (mark("中身がありません。"), mark("元のファイルを開いて確かめ、保存し直してから送ってください。")),
    FaultCode.TOO_LARGE: (
        mark("大きすぎます(%(detail)sMBまで)。"),
        mark("図面を分けるか、写真を小さくして送ってください。"),
    ),
    FaultCode.UNKNOWN: (mark("この種類のファイルは受け取れません。"), mark("受け取れるのは次のものです: %(taken)s。")),
    FaultCode.WRONG_ENDING: (
        mark("名前の終わりと中身が合いません。中身は%(detail)sです。"),
        mark("名前の終わりを中身に合わせるか、正しいファイルを選んでください。"),
    ),
    FaultCode.TRUNCATED: (mark("途中で切れています。"), mark("元のファイルからもう一度写して送ってください。")),
    FaultCode.DAMAGED: (mark("壊れていて開けません。"), mark("元のソフトで保存し直してから送ってください。")),
    FaultCode.TWO_IN_ONE: (
        mark("1つのファイルの中に、別の種類のファイルが混ざっています。"),
        mark("元のソフトで保存し直してから送ってください。"),
    ),
    FaultCode.TOO_HEAVY: (
        mark("開くと大きくなりすぎるため、受け取れません。"),
        mark("図面を分けるか、解像度を下げて送ってください。"),
    ),
    FaultCode.SVG: (mark("SVGは、命令を含むことができるため受け取れません。"), mark("PDFかPNGにして送ってください。")),
    FaultCode.MARKUP: (mark("ウェブページの命令が入っています。"), mark("PDFかPNGにして送ってください。")),
    FaultCode.PROGRAM: (mark("プログラムは受け取れません。"), mark("図面そのもののファイルを選んでください。")),
    FaultCode.ARCHIVE: (
        mark("まとめたファイル(ZIPなど)は受け取れません。"),
        mark("開いて、中のファイルを1つずつ選んでください。一度にいくつでも選べます。"),
    ),
    FaultCode.PHONE_PICTURE: (
        mark("この写真の形式(HEIC)は、開けない工場があります。"),
        mark("JPEGにして送ってください。iPhoneなら「設定→カメラ→フォーマット→互換性優先」で、次からJPEGになります。"),
    ),
    FaultCode.TIFF: (mark("TIFFは受け取れません。"), mark("PDFかPNGにして送ってください。")),
    FaultCode.OTHER_OFFICE: (
        mark("この種類の文書は受け取れません。"),
        mark("PDFとして保存し直してから送ってください。"),
    ),
    FaultCode.OLD_OFFICE: (
        mark("古い形式のファイルか、パスワードで守られたファイルです。"),
        mark("パスワードを外し、XLSXかPDFとして保存し直してください。"),
    ),
    FaultCode.PDF_LOCKED: (
        mark("パスワードか、印刷などの制限がかかったPDFです。"),
        mark("制限を外したPDFを送ってください。"),
    ),
    FaultCode.PDF_ACTIVE: (mark("開くと何かを動かす仕掛けか、ほかのファイルが入ったPDFです。"), _PRINT),
    FaultCode.WORKBOOK_LOCKED: (
        mark("このファイルはパスワードで守られています。"),
        mark("パスワードを外して保存し直してください。"),
    ),
    FaultCode.WORKBOOK_ACTIVE: (
        mark("マクロか、ほかのファイルが入った表です。"),
        mark("マクロのないXLSXとして保存し直すか、PDFにして送ってください。"),
    ),
    FaultCode.TABLE_ACTIVE: (
        mark("プログラムを呼び出す計算式が入った表です。"),
        mark("計算式を値にして保存し直すか、PDFにして送ってください。"),
    ),
}


def what(unfit: Unfit) -> str:
    """What is the matter with a file."""
    return _(_SAID[unfit.code][0], **_values(unfit))


def remedy(unfit: Unfit) -> str:
    """What whoever sent it can do."""
    return _(_SAID[unfit.code][1], **_values(unfit))


def refusal(given_name: str, unfit: Unfit) -> str:
    """One line for one file: its name, what is the matter, what to do."""
    return f"{_shortened(given_name)}: {what(unfit)} {remedy(unfit)}"


def nothing_taken(refused: int, chosen: int) -> str:
    """The sentence above the form."""
    if chosen == 1:
        return _("ファイルを受け取れませんでした。書いた内容は残っています。")
    return _(
        "%(chosen)s件のうち%(refused)s件が受け取れないため、どれもまだ送っていません。書いた内容は残っています。",
        chosen=chosen,
        refused=refused,
    )


def _values(unfit: Unfit) -> dict[str, str]:
    detail = unfit.detail
    if unfit.code is FaultCode.WRONG_ENDING:
        detail = FORMS[Kind(detail)].words
    return {"detail": detail, "taken": _(TAKEN)}


def _shortened(given_name: str) -> str:
    """As it was given, without what nobody sees; the end matters most."""
    shown = "".join(char for char in given_name if char.isprintable()).rpartition("/")[2]
    return shown if len(shown) <= 60 else f"{shown[:25]}…{shown[-30:]}"
