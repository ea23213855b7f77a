"""An equipment list (設備一覧) as it stands on a website or a fax, read into rows to confirm.

Nothing is lost: every line that is not blank comes back as a row, a heading or an unread line, with its own text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import yaml

from backend.firms.drafts import EquipmentDraft
from backend.firms.equipment_columns import Columns, find_columns, split_cells
from backend.firms.equipment_sizes import take_count, take_envelope, take_year
from backend.firms.wording import width

WORDS = Path(__file__).parent / "data" / "equipment_words.yaml"
MOST_LINES = 2000
LONGEST_LINE = 500


class LineKind(StrEnum):
    ROW = "row"
    HEADING = "heading"
    UNREAD = "unread"


class Doubt(StrEnum):
    """What the person should look at before confirming a row."""

    NO_KIND = "no_kind"
    NO_HEIGHT = "no_height"
    NEGATIVE_SIZE = "negative_size"
    KIND_FROM_HEADING = "kind_from_heading"


@dataclass(frozen=True, slots=True)
class EquipmentLine:
    """One line of the pasted text and what was made of it. `number` counts from 1."""

    number: int
    text: str
    what: LineKind
    row: EquipmentDraft | None = None
    doubts: tuple[Doubt, ...] = ()


_BULLET = re.compile(
    r"^[\s　]*(?:[・●■◆◇□▪▶►★☆*•‣○◎※→〇◯]+|[-–—]+(?=\s)|[-–—](?=[^\d\s])"
    r"|[(\[]?[0-9]{1,2}[)\].、](?![0-9])|[①-⑳])[\s　]*"
)
_HEADING = re.compile(
    r"^\s*(?:【(.+)】|〈(.+)〉|《(.+)》|<([^<>]+)>|\[([^\[\]]+)\]|〔(.+)〕|#+\s*(.+)|(.{1,20})[::])\s*$"
)
_RULE_LINE = re.compile(r"^[\s\-=_*─━―・.。|+]+$")
_LIST_TITLES = re.compile(
    r"^(?:主要|保有|主な|当社)?(?:生産|加工|機械)?設備(?:一覧|紹介|概要|リスト)?(?:表)?$|^equipment( list)?$",
    re.IGNORECASE,
)
_GROUP_WORDS = re.compile(r"^(?:.{0,8}(?:部門|関係|関連|工程|課|班|工場|設備|機械|機器|その他))$")
_KIND_ENDING = re.compile(
    r"[一-鿿ァ-ヶーA-Za-z0-9・]*(?:旋盤|研削盤|研磨機|加工機|成形機|成型機|溶接機|測定機|測定器|試験機|検査機|切断機|印刷機"
    r"|プレス|プリンタ|プリンター|センタ|センター|カッター|ベンダー|ロボット|装置|ライン|クレーン|ブース|ミシン|マシン|ルーター|テスター"
    r"|オシロスコープ|スキャナ|盤|炉|槽|機)(?![一-鿿ァ-ヶー])"
)
_MODEL_WORD = r"[A-Za-z0-9αβγΣⅠⅡⅢ][A-Za-z0-9\-/.+αβγΣⅠⅡⅢ]*"
_MODEL = re.compile(rf"(?<![A-Za-z0-9]){_MODEL_WORD}(?: {_MODEL_WORD})*")
# A number with a unit of force, power or speed is what the machine does, not what it is called.
_RATING = re.compile(r"^[0-9,.]+(?:t|ton|tf|kw|kn|v|a|w|hp|ps|kg|kgf|mm|rpm|cc|l|℃)?$", re.IGNORECASE)
_LABELS = re.compile(r"(?:メーカー?名?|製造元|型式|型番|機種名?|機械名|形式|設備名|名称|仕様|能力)\s*[::]\s*")


def parse_equipment(text: str) -> tuple[EquipmentLine, ...]:
    """Read a pasted list. Lines keep their numbers, so that what was not understood can be found again."""
    lines: list[EquipmentLine] = []
    heading, columns = "", None
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        if number > MOST_LINES or len(raw) > LONGEST_LINE:
            lines.append(_unread(number, raw))
        elif _is_heading(raw):
            columns = find_columns(width(raw)) or columns
            heading = _heading_words(raw)
            lines.append(EquipmentLine(number, raw, LineKind.HEADING))
        else:
            lines.extend(_read_line(number, part, heading, columns) for part in _machines(raw))
    return tuple(lines)


def _machines(raw: str) -> list[str]:
    """A line such as 「旋盤3台、フライス2台」 names several machines; it is parted only where each part is one."""
    if not re.search(r"[、,，;；/／]", raw):
        return [raw]
    parts = [part for part in re.split(r"[、,，;；/／](?![0-9])", raw) if part.strip()]
    named = [part for part in parts if _take_word(width(part), _kinds())[0] and take_count(width(part))[0]]
    return parts if len(named) >= 2 and len(named) == len(parts) else [raw]


def _read_line(number: int, raw: str, heading: str, columns: Columns | None) -> EquipmentLine:
    row, doubts = _read_row(raw, columns)
    if row is None:
        return _unread(number, raw)
    if not row.kind:
        row, doubts = _kind_from_heading(row, heading, doubts)
    return EquipmentLine(number, raw, LineKind.ROW, row, doubts)


def _read_row(raw: str, columns: Columns | None) -> tuple[EquipmentDraft | None, tuple[Doubt, ...]]:
    text = width(_BULLET.sub("", raw))
    cells = split_cells(text)
    if columns and len(cells) >= 2:
        text = columns.sentence(cells)
    return _read_sentence(" ".join(text.split()))


def _read_sentence(text: str) -> tuple[EquipmentDraft | None, tuple[Doubt, ...]]:
    """The parts of a line are cut out one after the other; what remains at the end is kept as a remark."""
    line = _LABELS.sub(
        " ", text.replace("Φ", "φ").replace("ø", "φ").replace("Ø", "φ").replace("∅", "φ").replace("㎜", "mm")
    )
    year, line = take_year(line)
    kind, line = _take_word(line, _kinds())
    maker, line = _take_word(line, _makers())
    found = take_envelope(line)
    count, line = take_count(found.rest)
    if not kind:
        kind, line = _take_kind_by_ending(line)
    model, line = _take_model(line)
    count, line = (count, line) if count else _bare_count(line)
    if not (kind or maker or (model and (count or found.envelope[0]))):
        return None, ()
    row = EquipmentDraft(kind, maker, model, count or 1, found.envelope, year, _remarks(line))
    return row, _doubts(row, negative=found.negative)


def _doubts(row: EquipmentDraft, *, negative: bool) -> tuple[Doubt, ...]:
    no_height = row.envelope_mm[0] is not None and row.envelope_mm[2] is None
    checks = ((Doubt.NO_KIND, not row.kind), (Doubt.NEGATIVE_SIZE, negative), (Doubt.NO_HEIGHT, no_height))
    return tuple(doubt for doubt, holds in checks if holds)


def _kind_from_heading(
    row: EquipmentDraft, heading: str, doubts: tuple[Doubt, ...]
) -> tuple[EquipmentDraft, tuple[Doubt, ...]]:
    """Under 【マシニングセンタ】 a line with only maker and model is of that kind."""
    kind, _ = _take_word(heading, _kinds())
    kind = kind or _take_kind_by_ending(heading)[0]
    if not kind:
        return row, doubts
    others = tuple(doubt for doubt in doubts if doubt is not Doubt.NO_KIND)
    return replace(row, kind=kind), (*others, Doubt.KIND_FROM_HEADING)


def _is_heading(raw: str) -> bool:
    text = width(raw)
    if _RULE_LINE.match(text) or _HEADING.match(text):
        return True
    bare = _BULLET.sub("", text).strip()
    if find_columns(text) or _LIST_TITLES.match(bare):
        return True
    return bool(_GROUP_WORDS.match(bare)) and _take_word(bare, _kinds())[0] == ""


def _heading_words(raw: str) -> str:
    found = _HEADING.match(width(raw))
    return next((words for words in found.groups() if words), "") if found else _BULLET.sub("", width(raw)).strip()


def _take_word(line: str, words: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[str, str]:
    """The longest known word of the line, and the rest; the leftmost wins among equals.

    It comes in its canonical wording, unless the shop's own says more (門形平面研削盤 stays what it is).
    """
    folded = line.casefold()
    if len(folded) != len(line):
        return "", line
    best: tuple[int, int, str] | None = None
    for at in range(len(folded) - 1):
        for spelling, canonical in words.get(folded[at : at + 2], ()):
            longer = best is None or len(spelling) > best[0]
            if longer and folded.startswith(spelling, at) and _stands_free(folded, at, spelling):
                best = (len(spelling), at, canonical)
    if best is None:
        return "", line
    length, at, canonical = best
    own = line[at : at + length]
    return own if own.endswith(canonical) else canonical, f"{line[:at]} {line[at + length :]}"


def _stands_free(text: str, at: int, word: str) -> bool:
    """A word of Latin letters must not be part of a longer Latin word or model number."""
    if not word.isascii():
        return True
    around = text[max(0, at - 1) : at] + text[at + len(word) : at + len(word) + 1]
    return not re.search(r"[a-z0-9\-]", around)


def _take_kind_by_ending(line: str) -> tuple[str, str]:
    found = _KIND_ENDING.search(line)
    if not found or len(found[0]) < 2:
        return "", line
    return found[0], f"{line[: found.start()]} {line[found.end() :]}"


def _take_model(line: str) -> tuple[str, str]:
    for found in _MODEL.finditer(line):
        words = found[0].split(" ")
        while words and _RATING.match(words[0]) and not (len(words) > 1 and words[0].isdigit()):
            words = words[1:]
        start = found.end() - len(" ".join(words))
        while len(words) > 1 and _RATING.match(words[-1]) and not words[-1].isdigit():
            words = words[:-1]
        name = " ".join(words)
        if len(name) >= 2 and re.search(r"[A-Za-zαβ]", name):
            return name, f"{line[:start]} {line[start + len(name) :]}"
    return "", line


def _bare_count(line: str) -> tuple[int | None, str]:
    """A lone small number at the end of a line is how many there are."""
    found = re.search(r"(?:^|\s)([1-9][0-9]?)\s*$", line)
    return (int(found[1]), line[: found.start()]) if found else (None, line)


def _remarks(line: str) -> str:
    text = re.sub(r"[(\[〔]\s*[)\]〕]", " ", line)
    text = re.sub(r"\s+", " ", text).strip(" 　,、/|:;製・-–—")
    return text if re.search(r"[^\W_]", text) else ""


def _unread(number: int, raw: str) -> EquipmentLine:
    return EquipmentLine(number, raw, LineKind.UNREAD)


@lru_cache
def _kinds() -> Mapping[str, Sequence[tuple[str, str]]]:
    return _spellings("kinds")


@lru_cache
def _makers() -> Mapping[str, Sequence[tuple[str, str]]]:
    return _spellings("makers")


def _spellings(group: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Every spelling with its canonical word, by the first two characters."""
    data = yaml.safe_load(WORDS.read_text(encoding="utf-8"))[group]
    pairs = {width(s).casefold(): name for name, others in data.items() for s in (name, *others)}
    table: dict[str, list[tuple[str, str]]] = {}
    for spelling, name in pairs.items():
        table.setdefault(spelling[:2], []).append((spelling, name))
    return table


def known_kinds() -> Iterator[str]:
    """The canonical names of machines, for the suggestions of a form."""
    return iter(dict.fromkeys(name for words in _kinds().values() for _spelling, name in words))
