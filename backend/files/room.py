"""The door of the closed room: hands one file in, waits for the answer, and puts up with every way it may end."""

import errno
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import Kind

# Longer than the processor time allowed inside, because others work on the same machine.
SECONDS = 120
# So long a file waits for a place; its sender is told to come again rather than kept for minutes.
SECONDS_BEFORE = 20
ROOT = Path(__file__).resolve().parents[2]
# Of a name only the end is looked at.
LONGEST_NAME = 300
# Two big scans at once are as many as a small server has memory for.
PLACES = BoundedSemaphore(2)


@dataclass(frozen=True)
class Examined:
    """What a file is, and how many of its bytes are the file."""

    kind: Kind
    size: int


def examined(path: Path, given_name: str) -> Examined:
    """Look at a file that somebody sent. Raises Unfit."""
    tried = path.absolute().with_suffix(".tried")
    task = {"do": "examine", "path": str(path.absolute()), "name": given_name[-LONGEST_NAME:], "target": str(tried)}
    answer = _asked(task, tried)
    return Examined(Kind(answer["kind"]), int(answer["size"]))


@dataclass(frozen=True)
class Redrawn:
    """A picture that was written anew."""

    kind: Kind
    width: int
    height: int


def redrawn(path: Path, target: Path) -> Redrawn:
    """Write a picture that somebody sent to `target`, its dots and nothing else. Raises Unfit."""
    task = {"do": "redraw", "path": str(path.absolute()), "name": "", "target": str(target.absolute())}
    answer = _asked(task, target)
    return Redrawn(Kind(answer["kind"]), int(answer["width"]), int(answer["height"]))


def stamped(path: Path, kind: Kind, words: str, target: Path) -> None:
    """Write a PDF or picture with these words on every page to `target`. Raises Unfit."""
    task = {"do": "stamp", "path": str(path.absolute()), "kind": kind.value, "words": words}
    _asked(task | {"target": str(target.absolute())}, target)


def _asked(task: dict[str, str], target: Path) -> dict[str, str]:
    # Half a surrogate pair, as a hostile name may hold, travels as an escape.
    command = [sys.executable, "-m", "backend.files.inside", json.dumps(task)]
    if not PLACES.acquire(timeout=SECONDS_BEFORE):
        raise OSError(errno.EBUSY, "other files are being looked at")
    try:
        done = subprocess.run(  # noqa: S603 - our own program; what comes from outside is data in one argument
            command, cwd=ROOT, env={"PYTHONUTF8": "1"}, capture_output=True, timeout=SECONDS, check=True
        )
        return _heard(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError) as error:
        # Killed by one of its limits, or by what the file did to it.
        target.unlink(missing_ok=True)
        raise Unfit(FaultCode.TOO_HEAVY) from error
    except (Unfit, OSError):
        target.unlink(missing_ok=True)
        raise
    finally:
        PLACES.release()


def _heard(answer: dict[str, str]) -> dict[str, str]:
    number = int(answer.get("errno", 0))
    if number == errno.EFBIG:
        raise Unfit(FaultCode.TOO_HEAVY)
    if number:
        raise OSError(number, os.strerror(number))
    if "fault" in answer:
        raise Unfit(FaultCode(answer["fault"]), answer["detail"])
    return answer
