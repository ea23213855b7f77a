"""Equipment lists that were pasted from a table: which column is what, told by the table's own head."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEADS = {
    "kind": r"機械名|設備名|名称|機種|種類|品名|設備|machine|equipment|kind|type",
    "maker": r"メーカー?|製造元|maker|manufacturer|brand",
    "model": r"型式|型番|形式|モデル|model",
    "count": r"台数|数量|保有数|qty|quantity|count|units",
    "size": r".*(?:範囲|サイズ|寸法|能力|ストローク|仕様|size|envelope|stroke|capacity|spec).*",
    "year": r"年式|導入年?|設置年?|購入年?|製造年?|year",
    "remarks": r"備考|特徴|remarks|notes?",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The meaning of each column, '' where the head is not known."""

    meanings: tuple[str, ...]

    def sentence(self, cells: Sequence[str]) -> str:
        """The cells as one line, each marked so that a bare number is read as what its column says."""
        meanings = (*self.meanings, *("",) * len(cells))
        return " ".join(_marked(cell, meaning) for cell, meaning in zip(cells, meanings, strict=False) if cell)


def split_cells(text: str) -> list[str]:
    """The cells of a line: parted by tabs, bars or, failing those, by two spaces and more."""
    for separator in (r"\t", r"\|", r"(?<=[^\d]),(?=[^\d])|,(?=[^\d,])", r"\s{2,}"):
        cells = [cell.strip() for cell in re.split(separator, text.strip().strip("|"))]
        if len(cells) >= 2:
            return cells
    return [text.strip()]


def find_columns(text: str) -> Columns | None:
    """The columns if this line is the head of a table: two known heads at least, and nothing but words."""
    cells = split_cells(text)
    meanings = tuple(_meaning(cell) for cell in cells)
    known = {meaning for meaning in meanings if meaning}
    return Columns(meanings) if len(known) >= 2 and not re.search(r"[0-9]", text) else None


def _meaning(cell: str) -> str:
    for meaning, pattern in _HEADS.items():
        if re.fullmatch(pattern, cell.strip(), re.IGNORECASE):
            return meaning
    return ""


def _marked(cell: str, meaning: str) -> str:
    if meaning == "count" and re.fullmatch(r"[0-9]{1,3}", cell):
        return f"{cell}台"
    if meaning == "year" and re.fullmatch(r"(19|20)[0-9]{2}", cell):
        return f"{cell}年"
    return cell
