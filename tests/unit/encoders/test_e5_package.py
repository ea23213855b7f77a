"""The weights' file: four bits become floats, and another file is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest

from matching.encoders.e5_package import read_package


def tiny_package(*, pieces: list[tuple[str, float]], nibbles: bytes, scale: float, bias: list[float]) -> bytes:
    """A package of two tensors in the real layout."""
    text = "".join(piece for piece, _ in pieces).encode()
    bounds = np.cumsum([0, *(len(piece.encode()) for piece, _ in pieces)]).astype("<u4").tobytes()
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 64, len(pieces), 8, 2, 1e-12, 32)
    words = struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(text)) + bounds
    words += np.array([score for _, score in pieces], dtype="<f4").tobytes() + text
    folds = struct.pack("<iI", 0, 0)
    block = np.float16(scale).tobytes() + nibbles
    values = np.array(bias, dtype="<f4").tobytes()
    start = len(head + words + folds) + 4 + (2 + 3 + 21) * 2
    entry = "<H3sBIQQ"
    directory = struct.pack("<i", 2) + struct.pack(entry, 3, b"a.w", 1, 32, start, len(block))
    directory += struct.pack(entry, 3, b"a.b", 0, len(bias), start + len(block), len(values))
    return head + words + folds + directory + block + values


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.bin"
    pieces = [("<s>", 0.0), ("研削", -2.5)]
    path.write_bytes(tiny_package(pieces=pieces, nibbles=bytes(range(0x10, 0x20)), scale=0.5, bias=[1.0, 2.0]))
    return path


def test_low_halves_come_first_then_high_halves(package: Path) -> None:
    weights = read_package(package).tensors["a.w"]
    np.testing.assert_array_equal(weights[:16], (np.arange(16) - 8) * 0.5)
    np.testing.assert_array_equal(weights[16:], np.full(16, (1 - 8) * 0.5))


def test_plain_tensors_pieces_and_shape_are_read(package: Path) -> None:
    read = read_package(package)
    assert read.tensors["a.b"].tolist() == [1.0, 2.0]
    assert read.pieces == [("<s>", 0.0), ("研削", -2.5)]
    assert (read.shape.hidden, read.shape.types) == (32, 2)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(ValueError, match="does not begin"):
        read_package(path)


@pytest.mark.parametrize("length", [5, 40, 60, 90, 130, 160])
def test_a_file_that_is_cut_short_is_refused(package: Path, length: int) -> None:
    package.write_bytes(package.read_bytes()[:length])
    with pytest.raises(ValueError, match="cut short"):
        read_package(package)
