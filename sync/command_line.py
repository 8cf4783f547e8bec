"""How Latebook's commands report an error: one sentence on standard error, and an exit status."""

from typing import NoReturn

import typer

USAGE_ERROR = 2
"""The exit status of a command that could not do its work."""


def fail(message: object, *, command: str | None = None, status: int = USAGE_ERROR) -> NoReturn:
    """End the command with a sentence on standard error.

    Args:
        message: the sentence, or an error whose text is one.
        command: named before the sentence, such as `latebook queue`; `None` when the message begins with a
            file and a line.

    Raises:
        typer.Exit: always.
    """
    typer.echo(f"{command}: {message}" if command else str(message), err=True)
    raise typer.Exit(status)
