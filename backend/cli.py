"""The command line. Bad input gives one clear line on standard error and exit 2, never a traceback."""

import sys
from pathlib import Path

import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from backend.app import create_app
from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.core.settings import Settings
from backend.matches.rank import BadFile, read_firms, read_requests
from backend.matches.rank import rank as rank_file
from backend.matches.setup import encoder_maker
from matching.api import MatchIndex
from matching.encoders import ModelMissing

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
        raise BadInput(f"NAKAMAWA_{name}: {first['msg']}" if name else first["msg"]) from error


def open_database(settings: Settings) -> Database:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database_address, wait_seconds=settings.database_wait_seconds)


@app.command()
def migrate() -> None:
    """Bring the database to the shape that this version needs."""
    database = open_database(read_settings())
    upgrade(database)
    database.close()


@app.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on."),
    port: int = typer.Option(8000, envvar="PORT", min=0, max=65535, help="Port to listen on."),
) -> None:
    """Migrate, then serve the web application."""
    migrate()
    uvicorn.run(create_app(read_settings()), host=host, port=port, server_header=False)


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
    totals = rank_file(MatchIndex.build(known, encoder_maker(read_settings())()), wanted, out, top, teams)
    print(f"{totals.requests} requests × {totals.firms} firms: {totals.ms_per_request:.1f} ms a request → {out}")


def main() -> None:
    """Run a command; say what is wrong in one line."""
    try:
        app()
    except (BadInput, BadFile, ModelMissing) as error:
        _fail(str(error))
    except DBAPIError as error:
        _fail(f"database: {error.orig}")
    except OSError as error:
        _fail(f"{error.filename or 'system'}: {error.strerror or error}")


def _fail(sentence: str) -> None:
    print(" ".join(sentence.split()), file=sys.stderr)
    sys.exit(2)
