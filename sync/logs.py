"""Structured logs on standard error, one line per event: `2026-11-24T09:07:42Z [info] entry.committed id=…`.

Logs contain no person's name, no card, no token and no query string.
"""

import logging
import sys
from typing import TextIO

import structlog


class _TolerantStream:
    """Standard error, except that a log that cannot be written (a full disk) never stops the program."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            return len(text)  # no other place remains to report it

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            return


def configure(level: int = logging.INFO) -> None:
    """Send this program's events, and its libraries' warnings, to standard error."""
    stream = _TolerantStream(sys.stderr)
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = structlog.dev.ConsoleRenderer(
        colors=False,
        pad_event_to=0,
        pad_level=False,
        sort_keys=False,
        # The default prints the values of local variables, which are about pupils.
        exception_formatter=structlog.dev.plain_traceback,
    )
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),  # type: ignore[arg-type]  # it has the methods that are used
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
