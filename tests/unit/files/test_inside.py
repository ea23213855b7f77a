"""What the closed room answers, asked from within; that its doors hold is seen from a process of its own."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.files.faults import FaultCode
from backend.files.inside import answer
from tests.unit.files import samples


def asked(folder: Path, data: bytes, name: str = "a.pdf", **more: str) -> dict[str, str | int]:
    path = folder / "waiting"
    path.write_bytes(data)
    return answer({"do": "examine", "path": str(path), "name": name, "target": str(folder / "tried"), **more})


def test_what_a_file_is(tmp_path: Path) -> None:
    drawing = samples.pdf()
    assert asked(tmp_path, drawing) == {"kind": "pdf", "size": len(drawing)}
    assert asked(tmp_path, samples.STEP, "a.stp") == {"kind": "step", "size": len(samples.STEP)}
    assert asked(tmp_path, samples.STEP) == {"fault": FaultCode.WRONG_ENDING.value, "detail": "step"}
    assert not (tmp_path / "tried").exists()


def test_a_pdf_that_cannot_be_stamped_is_not_taken(tmp_path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources 4 0 R >>"
    old = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> >>"
    data = samples.raw_pdf(b"(these are no resources)").replace(old, page)
    assert asked(tmp_path, data)["fault"] == FaultCode.DAMAGED.value


def test_trouble_of_the_disk_is_told_by_its_number(tmp_path: Path) -> None:
    assert asked(tmp_path, samples.pdf(), target=str(tmp_path / "no/where")) == {"errno": errno.ENOENT}
    assert asked(tmp_path, samples.pdf(), path=str(tmp_path / "nothing")) == {"errno": errno.ENOENT}


def test_stamping(tmp_path: Path) -> None:
    assert asked(tmp_path, samples.pdf(), do="stamp", kind="pdf", words="x") == {}
    assert (tmp_path / "tried").read_bytes().startswith(b"%PDF-")


MEMORY = "bytearray(4 * 1024**3)"
OUTPUT = "open({path!r}, 'wb').write(bytes(600 * 1024**2))"


@pytest.mark.parametrize("deed", [MEMORY, OUTPUT])
def test_the_doors_hold(tmp_path: Path, deed: str) -> None:
    """More memory or a larger file than allowed ends in an error there, not on this machine."""
    act = deed.format(path=str(tmp_path / "large"))
    code = f"from backend.files.inside import close_doors; close_doors(); {act}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert json.dumps("MemoryError")[1:-1] in done.stderr or "File too large" in done.stderr
