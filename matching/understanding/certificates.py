"""Certificates a text demands of the workshop. What the asking firm itself holds, or waives, is no demand."""

import re
from collections.abc import Iterator

from matching.types import Reading, Span
from matching.understanding.source import Source
from matching.vocabulary.certifications import find_certifications

# The vocabulary takes a blank after a lone letter for the end of a word; in "JIS Q 9100" it is none.
_LONE_LETTER = re.compile(r"(?<=[ Ｓs]Ｑ|[ Ss][Qq]) (?=[0-9０-９])")
_OURS_BEFORE = re.compile(
    r"(?:当社|弊社|うち|自社|私(?:たち|ども)|わが社|我が社|こちら|\bwe(?: are| have| hold|'re)?|"
    r"our (?:company|firm|factory|own))[^。.\n]{0,14}$"
)
_OURS_AFTER = re.compile(
    r"^[^。\n]{0,8}(?:を?(?:当社|弊社|うち)(?:は|で|が)|(?:を|は)(?:取得(?:して(?:い|お)|"
    r"済み?です)|持っています|取っています)|取得企業です|の会社です|認証企業です)"
)
_WAIVED_AFTER = re.compile(
    r"^[^。、\n]{0,14}(?:不要|いりません|要りません|いらない|要らない|なくて(?:も)?(?:よ|い|良|"
    r"構|可)|無くて|問いません|問わ|なしで|は?(?:必須|条件)では(?:ない|ありません)|"
    r"まで(?:は)?(?:求め|要求し)ません|にはこだわり|(?:is |are )?(?:not (?:needed|required|"
    r"necessary)|optional|unnecessary))"
)
_WAIVED_BEFORE = re.compile(r"\b(?:no|without|no need for|not|don't need|do not need)(?: any| an?)? $")
_WISH_AFTER = re.compile(r"^[^。\n]{0,8}(?:を?(?:取得(?:する|予定|を目指|したい)|取る予定|申請(?:中|予定)|準備中))")


def read_certifications(source: Source) -> Reading[tuple[str, ...]] | None:
    """The certificates asked for, by canonical name, in the order of the text."""
    found: dict[str, Span] = {}
    for name, span in _demanded(source):
        found.setdefault(name, span)
    if not found:
        return None
    return Reading(tuple(found), tuple(found.values()))


def _demanded(source: Source) -> Iterator[tuple[str, Span]]:
    for hit in find_certifications(_LONE_LETTER.sub("-", source.repaired)):
        start, end = source.place(hit.span.start), source.place(hit.span.end)
        before, after = source.before(start, 24), source.after(end, 24)
        if _WAIVED_AFTER.search(after) or _WAIVED_BEFORE.search(before) or _WISH_AFTER.search(after):
            continue
        if not _OURS_AFTER.search(after) and not _OURS_BEFORE.search(before):
            yield hit.name, source.as_typed(hit.span)
