"""Why a file is not taken. The code travels out of the closed room; the words are found in wording.py."""

from enum import StrEnum


class FaultCode(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too large"
    UNKNOWN = "none of the kinds that are taken"
    WRONG_ENDING = "the ending says something else than the content"
    TRUNCATED = "the end is missing"
    DAMAGED = "cannot be opened"
    TWO_IN_ONE = "holds a second file of another kind"
    TOO_HEAVY = "unpacks into more than a machine can bear"
    SVG = "a drawing that can carry commands"
    MARKUP = "a web page"
    PROGRAM = "a program"
    ARCHIVE = "an archive"
    PHONE_PICTURE = "HEIC"
    TIFF = "TIFF"
    OTHER_OFFICE = "an Office format that is not taken"
    OLD_OFFICE = "an old Office format"
    PDF_LOCKED = "a PDF with a password or limits"
    PDF_ACTIVE = "a PDF that does something by itself"
    WORKBOOK_LOCKED = "a workbook with a password"
    WORKBOOK_ACTIVE = "a workbook with macros or things put into it"
    TABLE_ACTIVE = "a table with a formula that starts a program"


class Unfit(Exception):
    """This file is not taken. `detail` names the kind found or the largest size allowed, where that helps."""

    def __init__(self, code: FaultCode, detail: str = "") -> None:
        super().__init__(f"{code.value} {detail}".strip())
        self.code = code
        self.detail = detail
