"""How long a step may take: a first figure from practice, with a wide range, to be asked of the firm."""

from matching.routing.learned import usual_hours
from matching.routing.practice import has_own_row, practice
from matching.routing.route import Hours
from matching.types import Need

# The figures of the table hold for so many pieces of so many millimetres.
_PIECES, _SIDE_MM = 10, 150.0
_LOW, _HIGH = 0.5, 1.8
_SIZE_EXPONENT = 0.2
_MOST, _LEAST = 60.0, 1.0


def estimate(process_id: str, need: Need) -> Hours:
    """Working hours of one step in one shop, from process, quantity and size; deliberately a coarse figure."""
    how = practice(process_id)
    pieces = need.quantity.value if need.quantity else _PIECES
    hours = _first_figure(process_id) * (max(1, pieces) / _PIECES) ** how.grows * _size_factor(need)
    likely = round(min(_MOST, max(_LEAST, hours)), 1)
    return Hours(likely, max(_LEAST, round(likely * _LOW, 1)), round(likely * _HIGH, 1))


def _first_figure(process_id: str) -> float:
    """From the practice of the process itself, else as the known routes have it, else from the trade above it."""
    learned = None if has_own_row(process_id) else usual_hours(process_id)
    return practice(process_id).hours if learned is None else learned


def _size_factor(need: Need) -> float:
    sides = [side for side in need.size_mm.value if side] if need.size_mm else []
    return min(2.0, max(0.5, (max(sides) / _SIDE_MM) ** _SIZE_EXPONENT)) if sides else 1.0
