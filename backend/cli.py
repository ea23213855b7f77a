"""The command line. Bad input gives one clear line on standard error and exit 2, never a traceback."""

import gc
import io
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import typer
import uvicorn
from alembic.util import CommandError
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.progress import Progress
from sqlalchemy.exc import DBAPIError
from typer.exceptions import TyperException
from uvicorn.config import LOGGING_CONFIG

from backend.app import create_app
from backend.core import audit, clock, i18n
from backend.core import backup as copies
from backend.core.contents import Copied
from backend.core.db import Database
from backend.core.errors import AppError, Invalid
from backend.core.migrations import is_migrated, upgrade
from backend.core.settings import Settings
from backend.firms.faults import Fault, remedy, what
from backend.firms.profiles import profiles
from backend.firms.takeover import FaultyFile, import_file
from backend.matches.process_words import nearest_processes
from backend.matches.profiles import profile_of
from backend.matches.rank import BadFile, read_firms, read_requests
from backend.matches.rank import rank as rank_file
from backend.matches.setup import encoder_maker, live_index
from backend.teams.compose import BadProblem, answers
from backend.teams.proposals import TeamPlanner
from backend.worker import Worker, beside, stopped_by_signals
from matching.api import MatchIndex
from matching.composition.problem import MOST_ANSWERS
from matching.encoders import ModelMissing
from matching.indexes.base import IndexUnusable
from matching.retrieval.index import RetrievalIndex
from matching.routing.plan import prepare

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


class BadInput(Exception):
    """What the user gave cannot be used; the message says what and where."""


def read_settings() -> Settings:
    """The settings of the environment; a wrong one is named."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        said = first["msg"].removeprefix("Value error, ")
        raise BadInput(f"NAKAMAWA_{name}: {said}" if name else said) from error
    except SettingsError as error:
        # A value that is no JSON where a list is expected; the message names the field.
        raise BadInput(f'settings: {error}; a list is written as JSON, ["a", "b"]') from error


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database, brought to the shape that this version needs."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_address, wait_seconds=settings.database_wait_seconds)
    try:
        upgrade(database)
        yield database
    finally:
        database.close()


@app.command()
def migrate() -> None:
    """Bring the database to the shape that this version needs."""
    with open_database(read_settings()):
        print("the database is at the newest shape")


@app.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on."),
    port: int = typer.Option(8000, envvar="PORT", min=0, max=65535, help="Port to listen on."),
    with_worker: bool = typer.Option(default=False, help="Do the jobs of the outbox here too, for trying out."),
) -> None:
    """Migrate, then serve the web application."""
    settings = read_settings()
    _check_address(host, port)
    with open_database(settings) as database, beside(Worker(database, settings)) if with_worker else nullcontext():
        served = create_app(settings)
        # The server's own line for each answer holds the whole address, and with it the keys of people.
        uvicorn.run(served, host=host, port=port, server_header=False, access_log=False, log_config=_log_config())


def _log_config() -> dict[str, Any]:
    """What the server says of itself, and what we say, on standard error."""
    ours = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return {**LOGGING_CONFIG, "loggers": {**LOGGING_CONFIG["loggers"], "backend": ours}}


@app.command()
def worker(
    once: bool = typer.Option(default=False, help="Do what is due now, then end."),
) -> None:
    """Do the jobs of the outbox: send mails, remind, tidy up. Several may run side by side."""
    settings = read_settings()
    with open_database(settings) as database:
        at_work = Worker(database, settings)
        with stopped_by_signals(at_work):
            if once:
                print(f"{at_work.run_once()} jobs")
            else:
                at_work.run()


def _check_address(host: str, port: int) -> None:
    """Whether the server can listen there: asked before anything is started, so that one line is all that is said."""
    try:
        for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise BadInput(f"{host}:{port}: {error.strerror}; choose another with --host and --port") from error


@app.command()
def rank(
    firms: Path = typer.Option(..., help="Firms, one JSON object a line."),
    requests: Path = typer.Option(..., help="Requests, one JSON object a line: id, text and today are read."),
    out: Path = typer.Option(..., help="Where the answers go, one line for each request."),
    top: int = typer.Option(20, min=1, help="Firms in an answer."),
    teams: int = typer.Option(5, min=0, help="Team proposals for a job that no firm does alone."),
) -> None:
    """Rank the firms of one file for the requests of another. Needs no database and no server."""
    known, wanted = read_firms(firms), read_requests(requests)
    index = MatchIndex.build(known, encoder_maker(read_settings())())
    prepare()
    # What is held now stays to the end: looking through it for garbage would slow every answer.
    gc.freeze()
    totals = rank_file(index, wanted, out, top, teams, TeamPlanner(index))
    print(f"{totals.requests} requests × {totals.firms} firms: {totals.ms_per_request:.1f} ms a request → {out}")


@app.command()
def compose(
    problems: list[Path] = typer.Argument(help="Team problems, one JSON object a file."),
    k: int | None = typer.Option(
        None, min=1, max=MOST_ANSWERS, help="Teams in an answer; without it what the problem says."
    ),
) -> None:
    """Answer team problems: one JSON line each, in order."""
    for line in answers(problems, k):
        print(line)


@app.command("import-firms")
def import_firms(file: Path = typer.Argument(help="JSONL, CSV (UTF-8 or CP932) or XLSX.")) -> None:
    """Take the firms of a file over into the register: all of them, or none when there is a fault."""
    if not file.is_file():
        raise BadInput(f"{file}: expected a file" if file.exists() else f"{file}: there is no such file")
    with open_database(read_settings()) as database, Progress(transient=True) as bar:
        task = bar.add_task(file.name)

        def show(phase: str, done: int, total: int) -> None:
            bar.update(task, description=phase, completed=done, total=total)

        try:
            summary = import_file(database, file, known_process=nearest_processes, progress=show)
        except FaultyFile as refusal:
            raise BadInput(_report(file, refusal.faults)) from refusal
        except Invalid as refusal:
            raise BadInput(f"{file}: {refusal.message}") from refusal
    for warning in summary.warnings:
        print(_line(file, warning))
    print(f"{summary.created} new, {summary.updated} changed, {summary.unchanged} as they were")


def _report(file: Path, faults: tuple[Fault, ...]) -> str:
    """Every fault on standard output; the first again, with the count, as the line that says why it ended."""
    for fault in faults:
        print(_line(file, fault))
    errors = [fault for fault in faults if not fault.is_warning]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{_line(file, errors[0])}{more}"


def _line(file: Path, fault: Fault) -> str:
    column = f"{fault.column}: " if fault.column else ""
    return f"{file}:{fault.row}: {column}{what(fault)} {remedy(fault)}"


@app.command()
def reindex() -> None:
    """Build the search index anew from the database."""
    settings = read_settings()
    encoder_maker(settings)()
    with open_database(settings) as database, Progress(transient=True) as bar:
        task = bar.add_task("index")
        shutil.rmtree(settings.data_dir / "index", ignore_errors=True)
        index = live_index(database, settings)
        index.load(lambda done, total: bar.update(task, completed=done, total=total))
        with database.reading() as session:
            count = sum(1 for _firm in profiles(session))
    print(f"the index holds {count} firms")


@app.command()
def check() -> None:
    """Look whether database, audit trail, model and index are sound; name what is not."""
    settings = read_settings()
    database = Database(settings.database_address, wait_seconds=settings.database_wait_seconds)
    try:
        troubles = _troubles_of_database(database) or _troubles_of_index(database, settings)
    finally:
        database.close()
    if troubles:
        raise BadInput("; ".join(troubles))
    print("database, audit trail, model and index are sound")


def _troubles_of_database(database: Database) -> list[str]:
    if not is_migrated(database):
        return ["the database is not at the newest shape: run `nakamawa migrate`"]
    with database.reading() as session:
        broken = audit.first_broken(session)
    return [] if broken is None else [f"audit trail: event {broken} does not follow from the one before"]


def _troubles_of_index(database: Database, settings: Settings) -> list[str]:
    encoder = encoder_maker(settings)()
    with database.reading() as session:
        firms = [profile_of(facts, clock.today()) for facts in profiles(session)]
    try:
        changes = RetrievalIndex.load(settings.data_dir / "index", encoder).sync(firms)
    except IndexUnusable as reason:
        return [f"index: {reason}: run `nakamawa reindex`"]
    counts = (changes.added, changes.changed, changes.removed)
    if not any(counts):
        return []
    return ["index: {} firms missing, {} outdated, {} too many: run `nakamawa reindex`".format(*counts)]


@app.command()
def backup(file: Path = typer.Argument(help="Where the copy goes.")) -> None:
    """Copy the database into a file and drawings and pictures beside it, also while the server runs."""
    settings = read_settings()
    done = copies.backup(settings.database_address, settings.data_dir, file)
    print(f"copied into {file}, with {done.count} drawings and pictures in {file}.files")
    _name_damaged(done)


@app.command()
def restore(file: Path = typer.Argument(help="A copy that `backup` made.")) -> None:
    """Put a copy in place of the database, with its drawings and pictures; the present database is kept beside it."""
    settings = read_settings()
    kept, brought = copies.restore(settings.database_address, settings.data_dir, file)
    with open_database(settings):
        print(f"restored from {file}, with {brought.count} drawings and pictures that were missing")
        if kept:
            print(f"the former database is kept as {kept}")
    _name_damaged(brought)


def _name_damaged(copied: Copied) -> None:
    """What could be copied is copied; what could not is for somebody to look after."""
    if copied.damaged:
        first = copied.damaged[0]
        raise BadInput(f"{len(copied.damaged)} drawings or pictures are damaged and were left out, as {first}")


def _prepare_streams() -> None:
    """A file name may hold bytes that are no text, and a terminal may not know Japanese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def main() -> None:
    """Run a command; say what is wrong in one line."""
    _prepare_streams()
    i18n.use_language(os.environ.get("LANG", "")[:2])
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        _fail(_said(error) or "name a command: see above")
    except AppError as error:
        _fail(error.message)
    except (BadInput, BadFile, BadProblem, ModelMissing, copies.BackupError) as error:
        _fail(str(error))
    except CommandError as error:
        _fail(f"database: {error}; it was made by another version of this program")
    except DBAPIError as error:
        _fail(f"database: {error.orig}")
    except OSError as error:
        _fail(f"{error.filename or 'system'}: {error.strerror or error}")


def _said(error: TyperException) -> str:
    """The sentence with the name of the option; without a command there is none."""
    return error.format_message() if str(error) else ""


def _fail(sentence: str) -> None:
    print(" ".join(sentence.split()), file=sys.stderr)
    sys.exit(2)
