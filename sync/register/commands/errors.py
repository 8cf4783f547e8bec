"""What goes wrong at the command line, told in one sentence and not in a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError


@contextmanager
def one_sentence(command: str, *known: type[Exception], status: int) -> Iterator[None]:
    """End the program with a sentence on standard error.

    Args:
        command: which one it is, said first.
        known: errors whose text is such a sentence. The database's own are always among them.
        status: the program's.
    """
    try:
        yield
    except known as error:
        _end(command, str(error), status, error)
    except SQLAlchemyError as error:
        _end(command, f"the database cannot be used: {_why(error)}; check [database] url", status, error)


def _why(error: SQLAlchemyError) -> str:
    """In the database's own words, as far as they name no row: PostgreSQL does that in a line of its own."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).strip().splitlines()
    return lines[0].strip() if lines else type(cause).__name__


def _end(command: str, said: str, status: int, error: Exception) -> None:
    typer.echo(f"{command}: {said}", err=True)
    raise typer.Exit(status) from error
