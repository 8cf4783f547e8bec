"""What goes wrong at the command line, told in one sentence and not in a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sync.command_line import fail


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
        fail(error, command=command, status=status)
    except SQLAlchemyError as error:
        sentence = f"the database cannot be used: {_why(error)}; check [database] url"
        fail(sentence, command=command, status=status)


def _why(error: SQLAlchemyError) -> str:
    """In the database's own words, as far as they name no row: PostgreSQL does that in a line of its own."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).strip().splitlines()
    return lines[0].strip() if lines else type(cause).__name__
