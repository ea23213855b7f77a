"""The ways of working a request hints at: without a drawing, in a hurry, as a trial, as a repair, needing advice."""

import re
from collections.abc import Mapping

from matching.types import Need
from matching.understanding.measures import plain
from matching.understanding.offer import Willingness

_RUSH_DAYS = 14
_FEW = 5

_MANNERS: Mapping[Willingness, re.Pattern[str]] = {
    Willingness.NO_DRAWING: re.compile(
        r"図面(?:は|が|も)?(?:な|書け|描け|引け|ありません)|スケッチ|絵(?:な|し|を|が)|ポンチ絵|手書き|頭の中|アイデア"
        r"|no drawing|sketch|\bidea\b",
        re.IGNORECASE,
    ),
    Willingness.GUIDANCE: re.compile(
        r"分から|わから|どこに|どう(?:すれば|頼)|初めて|はじめ|素人|相談|一緒に|教えて|何から"
        r"|\bnot sure\b|\badvice\b|don't know|first time",
        re.IGNORECASE,
    ),
    Willingness.PROTOTYPE: re.compile(r"試作|試し|試した|プロトタイプ|prototyp|trial", re.IGNORECASE),
    Willingness.REPAIR: re.compile(
        r"修理|直し|折れ|欠け|壊れ|割れた|メーカーも?な|廃業|現物|repair|broken|replacement", re.IGNORECASE
    ),
    Willingness.RUSH: re.compile(r"急ぎ|至急|特急|早く|最短|すぐ|urgent|asap|\brush\b", re.IGNORECASE),
}


def hinted_manners(need: Need) -> frozenset[Willingness]:
    """Hints in the words of a need, and those its figures give: few pieces, and a date close by."""
    text = plain(need.text)
    hinted = {kind for kind, pattern in _MANNERS.items() if pattern.search(text)}
    if need.quantity is not None and need.quantity.value <= _FEW:
        hinted.add(Willingness.ONE_OFF)
    if need.due is not None and (need.due.value - need.today).days <= _RUSH_DAYS:
        hinted.add(Willingness.RUSH)
    return frozenset(hinted)
