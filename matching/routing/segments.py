"""A request cut into the stretches that tell of one thing each, and what each stretch tells by itself."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from matching.types import Need, Reading
from matching.understanding.request import read

_CUT = re.compile(
    r"(?<=[)）])と(?=[ァ-ヶA-Za-z一-龥])|[、，,。．！？!?\n;；:：→⇒➡▶|/／＞>]|\.(?=\s|$)|(?=[①-⑳])|(?=\([1-9]\))|の(?:あと|後)|(?<=[たてで])(?:あと|後)|後に|\s[-–—]\s|"
    r"\b(?:and then|then|and|finally)\b",
    re.IGNORECASE,
)
# A note taken on the telephone has blanks where others write commas; what is not wanted stays with its word.
_BLANK = re.compile(
    r"(?<=[^\x00-\x7f])[ \u3000]+(?=[^\x00-\x7f])"
    r"(?!(?:は|も|を)?(?:なし|無し|ナシ|ﾅｼ|不要|不可|要らない|いらない|しない|済|別途|支給))"
)
_FULL_STOPS = re.compile(r"[、，,。]")
_AID = re.compile(r"^(?:製|の|で)?(?:簡易)?(?:金?型|治具|電極|\s?(?:tool|mou?ld|die|jig|fixture)\b)(?![彫打枠])")
_OPEN, _CLOSE = "(（「『[［", ")）」』]］"


@dataclass(frozen=True, slots=True)
class Segment:
    """`text == whole[start:end]`; `need` is what these words say when read alone."""

    start: int
    end: int
    text: str
    need: Need

    @property
    def stock(self) -> Reading[str] | None:
        """The material told here, unless it is that of a mould, a tool or a fixture."""
        found = self.need.material
        aid = found and any(_AID.match(self.text[span.end : span.end + 12].lower()) for span in found.spans)
        return None if aid else found

    @property
    def material(self) -> str | None:
        return self.stock.value if self.stock else None


# Stretches of a text that are planned. Requests have ten to forty; the work grows with their square.
MOST = 80


# A job is planned anew when what was read of it changes; its words stay.
@lru_cache(maxsize=64)
def segments(text: str, today: date, lang: str) -> tuple[Segment, ...]:
    """The stretches of `text`, in order and without gaps; nothing is cut inside brackets or inside a number.

    No more than `MOST`: what stands after a page of short clauses is read, but tells no further steps.
    """
    bounds = [0, *_cuts(text), len(text)]
    pairs = [(a, b) for a, b in pairwise(bounds) if text[a:b].strip()][:MOST]
    return tuple(Segment(a, b, text[a:b], read(text[a:b], today, lang)) for a, b in pairs)


def _cuts(text: str) -> list[int]:
    depth, depths = 0, []
    for char in text:
        depth += (char in _OPEN) - (char in _CLOSE)
        depth = max(depth, 0)
        depths.append(depth)
    cuts = [*_CUT.finditer(text), *(_BLANK.finditer(text) if _is_note(text) else ())]
    return sorted({m.end() for m in cuts if not depths[m.start()] and not _in_number(text, m)})


def _is_note(text: str) -> bool:
    """Whether blanks do what commas do elsewhere."""
    return len(_BLANK.findall(text)) > len(_FULL_STOPS.findall(text))


def _in_number(text: str, cut: re.Match[str]) -> bool:
    before, after = text[max(cut.start() - 1, 0) : cut.start()], text[cut.end() : cut.end() + 1]
    return cut.group() in "/／,，:：." and before.isalnum() and after.isalnum() and before.isascii() and after.isascii()


def segment_at(known: Sequence[Segment], place: int) -> int:
    """The number of the segment that holds the character at `place`."""
    return max(0, bisect_right([s.start for s in known], place) - 1)
