"""What a part is for: as a request tells it, and as a firm limits itself to it (「医療と研究以外はお断り」)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matching.types import Phrase
from matching.understanding.measures import plain
from matching.understanding.tables import load

_NO = (
    r"(?:お?断り|おことわり|断って|受けて(?:い|おり)?ま?せ?ん|受けません|不可|対応して(?:い|おり)ません|遠慮|"
    r"やりません|やっていません|ngです)"
)
# The uses stand before 「だけ」 or 「以外」; what follows says that the others are refused.
_ONLY = re.compile(
    rf"(?P<uses>[^。\n]{{2,30}}?)(?:だけ|のみ|に限|専門)[^\n]{{0,40}}?(?:以外|ほかの|他の)[^。\n]{{0,14}}{_NO}"
    rf"|(?P<others>[^。\n]{{2,24}}?)(?:の用途|用途|関係|向け|分野|用)?以外(?:の(?:用途|仕事|もの|お仕事))?(?:は|の方は)?[^。\n]{{0,8}}{_NO}"
    r"|only (?:for |take on |accept )?(?P<only>[^.\n]{3,40}?(?:use|work|customers|parts))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Use:
    name: Phrase
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class OnlyUses:
    """The uses a firm works for and no others, with its own words."""

    ids: tuple[str, ...]
    text: str


@cache
def _uses() -> Mapping[str, _Use]:
    rows = load("uses").items()
    return {id_: _Use(Phrase(r["ja"], r["en"]), re.compile(r["words"], re.IGNORECASE)) for id_, r in rows}


def use_name(use_id: str) -> Phrase:
    """How people call a use. Raises KeyError for an unknown id."""
    return _uses()[use_id].name


def told_uses(text: str) -> frozenset[str]:
    """The uses that the words of a request tell."""
    folded = plain(text)
    return frozenset(id_ for id_, use in _uses().items() if use.pattern.search(folded))


def only_uses(text: str) -> OnlyUses | None:
    """What a firm limits itself to; None where it does not, or where no known use is named."""
    for match in _ONLY.finditer(plain(text)):
        words = match["uses"] or match["others"] or match["only"]
        ids = tuple(id_ for id_, use in _uses().items() if use.pattern.search(words))
        if ids:
            return OnlyUses(ids, match.group().strip("（( "))
    return None
