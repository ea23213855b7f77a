"""What runs in the closed room: `python -m backend.files.inside` with its task as JSON, its answer as JSON.

A process of its own with little memory, little time and small files: whatever a hostile file does to the libraries
that read it, it does here, and the program outside goes on.
"""

import errno
import json
import resource
import sys
from pathlib import Path

from backend.files.examine import examine
from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import PICTURES, Kind

MEMORY = 3 * 1024**3
SECONDS = 60
LARGEST_OUTPUT = 512 * 1024**2
OPEN_FILES = 64


def close_doors() -> None:
    """Limits that this process cannot lift again. A system that does not know one of them does without it."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: LARGEST_OUTPUT,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):
            continue


def answer(task: dict[str, str]) -> dict[str, str | int]:
    """Do the task: `examine` a file, `stamp` it, or `redraw` a picture.

    A file that cannot be stamped is not fit to be taken either.
    """
    path = Path(task["path"])
    try:
        if task["do"] == "stamp":
            _stamp(path, Kind(task["kind"]), task["words"], Path(task["target"]))
            return {}
        found = examine(path, task["name"])
        if task["do"] == "redraw":
            return _redraw(path, found.kind, Path(task["target"]))
        if found.kind is Kind.PDF:
            _try_stamp(path, found.kind, Path(task["target"]))
    except Unfit as unfit:
        return {"fault": unfit.code.value, "detail": unfit.detail}
    except (MemoryError, RecursionError):
        return {"fault": FaultCode.TOO_HEAVY.value, "detail": ""}
    except OSError as error:
        return {"errno": error.errno or errno.EIO}
    return {"kind": found.kind.value, "size": found.size}


def _stamp(path: Path, kind: Kind, words: str, target: Path) -> None:
    # Loaded for those who need it: a model of a part is looked at in a third of the time.
    from backend.files.watermark import stamp  # noqa: PLC0415

    stamp(path, kind, words, target)


def _redraw(path: Path, kind: Kind, target: Path) -> dict[str, str | int]:
    """The picture anew without anything beside its dots, and how large it is."""
    if kind not in PICTURES:
        raise Unfit(FaultCode.UNKNOWN)
    from backend.files.dots import redraw  # noqa: PLC0415

    width, height = redraw(path, kind, target)
    return {"kind": kind.value, "width": width, "height": height}


def _try_stamp(path: Path, kind: Kind, target: Path) -> None:
    """Once on the way in, so that nobody learns on the way out that a drawing cannot be marked."""
    try:
        _stamp(path, kind, "-", target)
    except (MemoryError, RecursionError):
        raise
    except OSError as error:
        # Pillow's own failures carry no number; those of the disk do.
        if error.errno:
            raise
        raise Unfit(FaultCode.DAMAGED) from error
    except Exception as error:
        # Libraries fail on a broken file in every way there is; all of them mean the same here.
        raise Unfit(FaultCode.DAMAGED) from error
    finally:
        target.unlink(missing_ok=True)


if __name__ == "__main__":
    close_doors()
    sys.stdout.write(json.dumps(answer(json.loads(sys.argv[1]))))
