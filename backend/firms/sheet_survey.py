"""What the sheet of a workbook holds, found before it is opened: how far it reaches and where formulas stand.

Whoever opens a sheet makes room for every cell up to the farthest one. A file of five kilobytes with one word in the
very last cell would ask for more memory than any machine has, so the reach is looked at first.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# What a cell holds: a value, a text, a formula. A cell without them is only coloured or framed.
_CONTENT = frozenset({"v", "is", "f"})


@dataclass
class Survey:
    """Row (from 1) and column (from 0) of every formula; rows and columns that hold anything."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    rows: int = 0
    columns: int = 0


class _Surveyor:
    def __init__(self) -> None:
        self.found = Survey()
        self._row, self._column = 0, -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
        elif tag == "c":
            self._row, self._column = self._place(attributes.get("r"))
        elif tag in _CONTENT:
            self._note(is_formula=tag == "f")

    def _place(self, reference: str | None) -> tuple[int, int]:
        """Where a cell stands; one that does not say so stands after the one before it."""
        if reference is None:
            return self._row, self._column + 1
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise ValueError(reference)
        return int(match[2]), column_index(match[1])

    def _note(self, *, is_formula: bool) -> None:
        if not 0 < self._row <= LAST_ROW or not self._column < LAST_COLUMN:
            raise ValueError(self._row, self._column)
        self.found.rows = max(self.found.rows, self._row)
        self.found.columns = max(self.found.columns, self._column + 1)
        if is_formula:
            self.found.formulas.add((self._row, self._column))


def survey(sheet: bytes) -> Survey:
    """Read the marks of a sheet. Raises ValueError or ExpatError for what is no sheet of a workbook."""
    surveyor, parser = _Surveyor(), expat.ParserCreate()
    parser.StartElementHandler = surveyor.start
    parser.Parse(sheet, True)  # noqa: FBT003 - nothing follows; the parser takes no names
    return surveyor.found


def column_index(letters: str) -> int:
    """The number of a column, from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
