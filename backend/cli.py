"""The command line. Bad input gives one clear line on standard error and exit 2, never a traceback."""

import sys

import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from backend.app import create_app
from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.core.settings import Settings

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


def main() -> None:
    """Run a command; say what is wrong in one line."""
    try:
        app()
    except BadInput as error:
        _fail(str(error))
    except DBAPIError as error:
        _fail(f"database: {error.orig}")
    except OSError as error:
        _fail(f"{error.filename or 'system'}: {error.strerror or error}")


def _fail(sentence: str) -> None:
    print(" ".join(sentence.split()), file=sys.stderr)
    sys.exit(2)
