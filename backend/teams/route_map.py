"""The way a part travels, as numbers for a drawing: wards, numbered places, arrows. The template draws."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backend.core.templating import STATIC

WIDTH, HEIGHT, MARGIN = 520.0, 561.0, 78.0
RADIUS, APART = 17.0, 40.0
# Words beside a mark: so wide is a letter, so many of a name are shown, so far up or down they may stand.
LETTER, NAME_CHARS = 14.0, 15
SHIFTS = (0.0, -22.0, 22.0, -44.0, 44.0, -66.0, 66.0)
# A view narrower than this would show one street corner.
LEAST_DEGREES = 0.09

Point = tuple[float, float]


@dataclass(frozen=True)
class Stop:
    """A firm on its place: what it is called, which steps it does, and whether it leads."""

    firm_id: str
    label: str
    name: str
    ward: str
    lat: float
    lng: float
    lead: bool


@dataclass(frozen=True)
class Mark:
    """A stop on the drawing; `end` puts its words to the left of it."""

    stop: Stop
    x: float
    y: float
    text_x: float
    text_y: float
    end: bool


@dataclass(frozen=True)
class WardShape:
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class RouteMap:
    wards: tuple[WardShape, ...]
    marks: tuple[Mark, ...]
    ways: tuple[str, ...]
    width: float = WIDTH
    height: float = HEIGHT


def route_map(stops: Sequence[Stop], ways: Sequence[tuple[str, str]]) -> RouteMap | None:
    """The drawing; `ways` are pairs of firm ids in the order of the work. None when nobody's place is known."""
    if not stops:
        return None
    view = _View.around([(s.lat, s.lng) for s in stops])
    places = _apart([view.point(s.lat, s.lng) for s in stops])
    at = {stop.firm_id: place for stop, place in zip(stops, places, strict=True)}
    marks = _marks(stops, places)
    arrows = tuple(_arrow(at[a], at[b]) for a, b in ways if a in at and b in at and a != b)
    return RouteMap(_wards(view, marks), marks, arrows)


def ward_centre(name: str) -> Point | None:
    """The middle of a ward, for a firm that does not show where exactly it is."""
    rings = _outlines().get(name)
    return _middle(max(rings, key=len)) if rings else None


@dataclass(frozen=True)
class _View:
    """Degrees to drawing units; near 35 degrees a degree of longitude is shorter."""

    lat: float
    lng: float
    scale: float
    squeeze: float

    @classmethod
    def around(cls, places: Sequence[Point]) -> "_View":
        lats, lngs = [p[0] for p in places], [p[1] for p in places]
        lat, lng = (min(lats) + max(lats)) / 2, (min(lngs) + max(lngs)) / 2
        squeeze = math.cos(math.radians(lat))
        tall = max(LEAST_DEGREES, max(lats) - min(lats))
        wide = max(LEAST_DEGREES, (max(lngs) - min(lngs)) * squeeze)
        # Names stand beside the marks, so the sides need more room than top and bottom.
        scale = min((WIDTH - 2.4 * MARGIN) / wide, (HEIGHT - 1.6 * MARGIN) / tall)
        return cls(lat, lng, scale, squeeze)

    def point(self, lat: float, lng: float) -> Point:
        x = WIDTH / 2 + (lng - self.lng) * self.squeeze * self.scale
        return x, HEIGHT / 2 - (lat - self.lat) * self.scale


def _apart(places: Sequence[Point]) -> list[Point]:
    """Places that would cover each other are moved a little sideways."""
    moved: list[Point] = []
    for x, y in places:
        place, tries = (x, y), 0
        while any(math.dist(place, other) < APART for other in moved) and tries < 40:
            tries += 1
            angle = tries * 2.4
            place = (x + APART * math.sqrt(tries) * math.cos(angle), y + APART * math.sqrt(tries) * math.sin(angle))
        moved.append((min(max(place[0], RADIUS + 3), WIDTH - RADIUS - 3), min(max(place[1], 24), HEIGHT - 24)))
    return moved


def _marks(stops: Sequence[Stop], places: Sequence[Point]) -> tuple[Mark, ...]:
    """Each stop with its words beside it, on the side and at the height where they cover the least."""
    taken = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in places]
    marks: list[Mark] = []
    for stop, (x, y) in zip(stops, places, strict=True):
        width = LETTER * max(min(len(stop.name), NAME_CHARS), len(stop.ward) + 3)
        seats = [(_seat(x, y + dy, width, end=end), dy, end) for dy in SHIFTS for end in (False, True)]
        box, dy, end = min(seats, key=lambda seat: (_covered(seat[0], taken), abs(seat[1])))
        taken.append(box)
        marks.append(Mark(stop, round(x, 1), round(y, 1), round(x + (-24 if end else 24), 1), round(y + dy, 1), end))
    return tuple(marks)


Box = tuple[float, float, float, float]


def _seat(x: float, y: float, width: float, *, end: bool) -> Box:
    """Where two lines of words would stand: left, top, right, bottom."""
    left = x - 24 - width if end else x + 24
    return left, y - 15, left + width, y + 22


def _covered(box: Box, taken: Sequence[Box]) -> float:
    """How much of other things, and of what lies outside the drawing, the words would cover."""
    inside = _shared(box, (4.0, 4.0, WIDTH - 4, HEIGHT - 4))
    outside = (box[2] - box[0]) * (box[3] - box[1]) - inside
    return outside + sum(_shared(box, other) for other in taken)


def _shared(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, tall)


def _arrow(a: Point, b: Point) -> str:
    """A bent line that ends at the rim of the next mark."""
    length = math.dist(a, b) or 1.0
    dx, dy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    bend = min(36.0, length / 5)
    start = (a[0] + dx * RADIUS, a[1] + dy * RADIUS)
    end = (b[0] - dx * (RADIUS + 3), b[1] - dy * (RADIUS + 3))
    middle = ((a[0] + b[0]) / 2 - dy * bend, (a[1] + b[1]) / 2 + dx * bend)
    return f"M{start[0]:.0f} {start[1]:.0f} Q{middle[0]:.0f} {middle[1]:.0f} {end[0]:.0f} {end[1]:.0f}"


def _wards(view: _View, marks: Sequence[Mark]) -> tuple[WardShape, ...]:
    shapes = []
    for name, rings in _outlines().items():
        drawn = [[view.point(lat, lng) for lat, lng in ring] for ring in rings]
        if not any(-80 < x < WIDTH + 80 and -80 < y < HEIGHT + 80 for ring in drawn for x, y in ring):
            continue
        x, y = view.point(*_middle(max(rings, key=len)))
        near = any(_hides(mark, x, y) for mark in marks)
        inside = 40 < x < WIDTH - 40 and 20 < y < HEIGHT - 12
        shapes.append(WardShape(name if inside and not near else "", "".join(map(_path, drawn)), round(x), round(y)))
    return tuple(shapes)


def _hides(mark: Mark, x: float, y: float) -> bool:
    """Whether the name of a ward would run into a mark or its words."""
    width = LETTER * max(min(len(mark.stop.name), NAME_CHARS), len(mark.stop.ward) + 3)
    box = _seat(mark.x, mark.text_y, width, end=mark.end)
    name = (x - 28, y - 14, x + 28, y + 4)
    rim = (mark.x - RADIUS, mark.y - RADIUS, mark.x + RADIUS, mark.y + RADIUS)
    return _shared(box, name) + _shared(rim, name) > 0


def _path(ring: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + "Z"


def _middle(ring: Sequence[Point]) -> Point:
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


@lru_cache
def _outlines() -> Mapping[str, Sequence[Sequence[Point]]]:
    """The rings of each ward as (lat, lng), from the same file as the map of the directory."""
    data = json.loads((STATIC / "data" / "wards.geojson").read_text("utf-8"))
    return {feature["properties"]["name"]: _rings(feature["geometry"]) for feature in data["features"]}


def _rings(geometry: Mapping[str, Any]) -> list[list[Point]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[(lat, lng) for lng, lat, *_rest in ring] for polygon in polygons for ring in polygon]
