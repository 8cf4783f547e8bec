"""The cost of guessing a password or a PIN from a stolen database."""

from subprocess import run
from sys import executable

from argon2 import extract_parameters

from sync.wire.pins import salt_of
from tests.paths import ROOT

PRINTED = """
from sync.register import hashing
print(hashing.hash_password("a"), hashing.hash_pin("1", b"of the school 16"), hashing.DECOY, sep="\\n")
"""


def test_a_password_costs_what_rfc_9106_recommends_and_a_pin_what_a_small_kiosk_can_verify() -> None:
    # In a process of its own: here, passwords are made quick.
    printed = run(
        [executable, "-c", PRINTED], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    password, pin, unknown = map(extract_parameters, printed.stdout.splitlines())
    assert unknown == password, "an unknown login would take another time"
    assert (password.type.name, password.memory_cost, password.time_cost, password.parallelism) == (
        "ID",
        65536,
        3,
        4,
    )
    assert (pin.type.name, pin.memory_cost, pin.time_cost, pin.parallelism) == ("ID", 65536, 1, 1)
    assert salt_of(printed.stdout.splitlines()[1]) == b"of the school 16"
