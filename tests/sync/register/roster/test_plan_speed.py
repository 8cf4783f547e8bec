"""20,000 pupils are read, compared and imported within ten seconds."""

import time

import pytest

from sync.register.storage.database import Database
from tests.sync.register.roster.support import csv, import_, pupils, upn

pytestmark = pytest.mark.both_databases

PUPILS = 20_000
LIMIT_S = 10
"""Of this process' CPU, so that other work on the machine does not count."""
ALL_TOLD_S = 30
"""Elapsed time, with the database server's work, also on a busy machine."""


def test_twenty_thousand_pupils_take_less_than_ten_seconds(school: Database) -> None:
    heading = "Adm No,UPN,Legal Surname,Forename,Preferred Forename,DOB,NC Year,Reg Group,Address"
    rows = (
        f"{n:06d},{upn(n)},Bell{n},Ida{n % 300},,01/02/2015,Year {7 + n % 7},{7 + n % 7}B,1 High St"
        for n in range(PUPILS)
    )
    file = csv(heading, *rows)
    began, began_at = time.process_time(), time.monotonic()
    done = import_(school, file)
    took, all_told = time.process_time() - began, time.monotonic() - began_at
    assert len(done.new) == len(pupils(school)) == PUPILS
    assert took < LIMIT_S, f"{took:.1f} s"
    assert all_told < ALL_TOLD_S, f"{all_told:.1f} s"
