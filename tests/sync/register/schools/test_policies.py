"""Every policy that was sent to kiosks is kept, by the version that entries name."""

import pytest

from attendance.policy.files import load
from sync.register.schools import policies
from sync.register.schools.schools import load_school
from tests.sync.register.support import Clock, Kiosk, Running, school_record

pytestmark = pytest.mark.both_databases


def test_a_policy_is_kept_when_it_is_first_sent_to_a_kiosk(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    psa, burbage = (load(name) for name in ("psa", "burbage"))
    for policy in (psa, burbage, psa):
        with register.database.write() as session:
            load_school(session, school_record(policy=policy.model_dump(mode="json")))
        kiosk.get("/bundle")
        clock.forward(days=1)
    with register.database.read() as session:
        kept = policies.stored_versions(session, "oak-lane")
        assert [(row.version, row.name) for row in kept] == [
            (burbage.version, "burbage"),
            (psa.version, "psa"),
        ]
        sent = psa.model_dump(mode="json", exclude={"document"})  # for the checker, not for kiosks
        assert policies.body_of(session, "oak-lane", psa.version) == sent
        assert policies.body_of(session, "elm", psa.version) is None


def test_a_policy_that_this_version_cannot_read_is_kept_too(register: Running, kiosk: Kiosk) -> None:
    kiosk.get("/bundle")
    with register.database.read() as session:
        (kept,) = policies.stored_versions(session, "oak-lane")
        assert (kept.name, kept.body) == ("oak-lane", {"name": "oak-lane"})
