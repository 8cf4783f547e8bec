"""Check of the connection to the register."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.commands.doctor.result import CheckResult, failed, ok, warning
from sync.uplink.errors import RefusedError, UplinkError
from sync.uplink.probe import ProbeResult

SLOW_S = 2.0
"""Seconds. A pupil never waits for the register, but a release does."""
APART = timedelta(seconds=5)
"""The most that the two clocks may differ: the register's `Date` is in whole seconds and arrives late."""


def register(
    url: str, ask: Callable[[], ProbeResult], now: Callable[[], datetime], *, enrolled: bool
) -> list[CheckResult]:
    """Check that the register answers, knows this kiosk and has the same time.

    Args:
        url: the register's address.
        ask: sends the register a request.
        now: this machine's time, UTC.
        enrolled: whether this kiosk has a token.
    """
    subject = "Register"
    enrol = "Make a code on the office page, and run: latebook enrol"
    try:
        answer = ask()
    except RefusedError as error:
        if not enrolled:
            return [failed(subject, f"{url} answers; this kiosk is not enrolled", enrol)]
        return [failed(subject, f"{url}: {error}", f"Enrol this kiosk again. {enrol}")]
    except (UplinkError, OSError) as error:
        remedy = "Check the network cable or the Wi-Fi, and [uplink] url and ca."
        return [failed(subject, f"{url}: {error}", remedy if enrolled else f"{remedy} Then enrol: {enrol}")]
    detail = f"{url} answers in {answer.took_s * 1000:.0f} ms and knows this kiosk"
    results = [
        ok(subject, detail)
        if answer.took_s < SLOW_S
        else warning(subject, detail, "Find out why the network is slow.")
    ]
    if answer.server_time is not None:
        apart = abs(now() - answer.server_time)
        if apart > APART:
            seconds = f"{apart.total_seconds():.0f} s apart from the register's clock"
            results.append(
                failed(
                    "Clocks",
                    seconds,
                    "One of the two is wrong: let both reach a time server, then run this again.",
                )
            )
    return results
