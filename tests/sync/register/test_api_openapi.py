"""Any request of a kiosk gets an answer that the OpenAPI document describes, and never a 5xx."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.formats import unregister_string_format

from tests.sync.register.entries.test_parsing import EXTREMES
from tests.sync.register.support import Kiosk, Running, entry

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429"]
"""The statuses for invalid data. 413 is for over 500 entries (`wire.md`), which the library thinks valid."""
CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)
QUICK, LONG = 10, 25
"""Examples of each operation and mode: in every run, and in `make test-slow`."""
UNTHINKING = settings(
    max_examples=QUICK,
    deadline=None,
    database=None,
    derandomize=True,  # the same requests in every run, so that a failure can be reproduced
    suppress_health_check=list(HealthCheck),
)
FORMS = pytest.mark.parametrize("examples", [QUICK, pytest.param(LONG, marks=pytest.mark.slow)])
OPERATIONS = [
    "POST /api/v1/enrol",
    "POST /api/v1/entries",
    "GET /api/v1/bundle",
    "GET /api/v1/on-site",
    "POST /api/v1/heartbeat",
    "POST /api/v1/departures/{departure_id}/request",
    "POST /api/v1/departures/{departure_id}/release-by-pin",
    "GET /api/v1/departures/{departure_id}",
    "PUT /api/v1/cards/{card}",
    "POST /api/v1/pupils/{pupil}/cards/revoke",
    "DELETE /api/v1/departures/{departure_id}",
]


def operations(register: Running) -> dict[str, Any]:
    description = schemathesis.openapi.from_url(f"{register.url}/openapi.json", config=CONFIG)
    found = [each.ok() for each in description.get_all_operations() if isinstance(each, Ok)]
    return {operation.label: operation for operation in found}


def test_every_operation_is_tested(register: Running) -> None:
    assert set(operations(register)) == set(OPERATIONS)


@FORMS
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_every_answer_is_as_described(
    register: Running, kiosk: Kiosk, operation: str, mode: schemathesis.GenerationMode, examples: int
) -> None:
    cases = operations(register)[operation].as_strategy(generation_mode=mode)

    @settings(UNTHINKING, max_examples=examples)
    @given(case=cases)
    def send_case(case: schemathesis.Case[Any]) -> None:
        for headers in (kiosk.headers, {}):
            case.call_and_validate(checks=CHECKS, headers=headers, timeout=30)

    send_case()


@FORMS
@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if each.endswith(("/entries", "/heartbeat", "/request", "/release-by-pin"))],
)
def test_an_instant_at_the_ends_of_the_calendar_causes_no_server_error(
    register: Running, kiosk: Kiosk, operation: str, examples: int
) -> None:
    """Every valid instant; the library's own generator only makes ordinary years."""
    schemathesis.openapi.format("date-time", st.sampled_from([*EXTREMES, "2026-11-24T09:33:00Z"]))
    try:
        cases = operations(register)[operation].as_strategy(
            generation_mode=schemathesis.GenerationMode.POSITIVE
        )

        @settings(UNTHINKING, max_examples=examples)
        @given(case=cases)
        def send_case(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=CHECKS, headers=kiosk.headers, timeout=30)

        send_case()
    finally:
        unregister_string_format("date-time")


NUL = "a\x00b"


def test_a_nul_is_refused_without_a_server_error(register: Running, kiosk: Kiosk) -> None:
    """JSON allows a NUL in any text, PostgreSQL in none."""
    results = kiosk.send(
        entry(1, pupil=NUL),
        entry(2, reason=NUL),
        entry(3, pupil="P2", note=NUL),
        entry(4, pupil="P3", decision={"outcome": NUL}),
    )
    assert [each["status"] for each in results] == ["rejected", "rejected", "accepted", "rejected"]
    assert kiosk.post("/enrol", {"code": "x", "name": NUL}).status_code == 422
