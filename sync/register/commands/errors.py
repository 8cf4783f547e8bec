"""Reports errors at the command line as one sentence instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sync.command_line import fail


@contextmanager
def one_sentence(command: str, *known: type[Exception], status: int) -> Iterator[None]:
    """End the program with a sentence on standard error.

    Args:
        command: the command's name, which begins the sentence.
        known: errors whose text is such a sentence. Database errors are always included.
        status: the program's exit status.
    """
    try:
        yield
    except known as error:
        fail(error, command=command, status=status)
    except SQLAlchemyError as error:
        sentence = f"the database cannot be used: {_why(error)}; check [database] url"
        fail(sentence, command=command, status=status)


def _why(error: SQLAlchemyError) -> str:
    """The database's message without rows, which PostgreSQL puts on further lines."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).strip().splitlines()
    return lines[0].strip() if lines else type(cause).__name__
