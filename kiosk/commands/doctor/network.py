"""The way to the register."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.commands.doctor.finding import Finding, failed, ok, warning
from sync.uplink.errors import RefusedError, UplinkError
from sync.uplink.probe import ProbeResult

SLOW_S = 2.0
"""Seconds: a pupil waits for nothing of it, but a release does."""
APART = timedelta(seconds=5)
"""How far the two clocks may be apart: a register's `Date` is in whole seconds, and takes part of the way."""


def register(
    url: str, ask: Callable[[], ProbeResult], now: Callable[[], datetime], *, enrolled: bool
) -> list[Finding]:
    """Whether the register answers, knows this kiosk, and has the same time.

    Args:
        url: its address.
        ask: asks it.
        now: this machine's time, UTC.
        enrolled: whether this kiosk has a token.
    """
    what = "Register"
    enrol = "Make a code on the office page, and run: latebook enrol"
    try:
        reached = ask()
    except RefusedError as error:
        if not enrolled:
            return [failed(what, f"{url} answers; this kiosk is not enrolled", enrol)]
        return [failed(what, f"{url}: {error}", f"Enrol this kiosk again. {enrol}")]
    except (UplinkError, OSError) as error:
        remedy = "Check the network cable or the Wi-Fi, and [uplink] url and ca."
        return [failed(what, f"{url}: {error}", remedy if enrolled else f"{remedy} Then enrol: {enrol}")]
    said = f"{url} answers in {reached.took_s * 1000:.0f} ms and knows this kiosk"
    findings = [
        ok(what, said) if reached.took_s < SLOW_S else warning(what, said, "Look for what slows the network.")
    ]
    if reached.server_time is not None:
        apart = abs(now() - reached.server_time)
        if apart > APART:
            seconds = f"{apart.total_seconds():.0f} s apart from the register's clock"
            findings.append(
                failed(
                    "Clocks",
                    seconds,
                    "One of the two is wrong: let both reach a time server, then look again.",
                )
            )
    return findings
