"""Team problems in files, answers as JSON lines: what `nakamawa compose` does."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from matching.composition.problem import Problem, ProblemError, parse
from matching.composition.solve import compose


class BadProblem(Exception):
    """A problem that cannot be used; the message names the file, the field and the remedy."""


def read_problem(file: Path) -> Problem:
    """The problem of a file (docs/reference/composition.md).

    Raises:
        BadProblem: the file is no JSON or its content no problem.
    """
    try:
        raw = json.loads(file.read_text("utf-8-sig"))
        # Half a surrogate pair passes as JSON and could not be written into the answer.
        json.dumps(raw, ensure_ascii=False).encode()
        return parse(raw)
    except UnicodeEncodeError as error:
        raise BadProblem(f"{file}: a text holds half a surrogate pair; write whole characters") from error
    except UnicodeDecodeError as error:
        raise BadProblem(f"{file}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadProblem(f"{file}: line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from error
    except ProblemError as error:
        raise BadProblem(f"{file}: {error}") from error
    except ValueError as error:
        most = sys.get_int_max_str_digits()
        raise BadProblem(f"{file}: a number has too many digits; give at most {most}") from error
    except RecursionError as error:
        raise BadProblem(f"{file}: nested too deeply to be a team problem") from error


def answers(files: Sequence[Path], k: int | None = None) -> Iterator[str]:
    """One JSON line for each problem, in order. All files are read before the first is solved: all or nothing."""
    problems = [read_problem(file) for file in files]
    for problem in problems:
        wanted = problem if k is None else replace(problem, params=replace(problem.params, k=k))
        yield json.dumps(compose(wanted).to_json(), ensure_ascii=False)
