"""Answers about a policy, read as a file has them."""

import pytest

from attendance.errors import PolicyError, WrongValueError
from attendance.policy.answers import LONGEST_ROUTE, check_route, read_routes
from attendance.policy.files import parse
from tests.attendance.policy.test_model import SMALLEST


def test_bus_routes_are_separated_by_commas_because_a_name_may_have_spaces() -> None:
    assert read_routes(" Bus 27, Blue  Coaches 2 ,,Bus 27", {}) == ["Bus 27", "Blue Coaches 2"]
    assert read_routes("", {}) == []


@pytest.mark.parametrize("route", ["", "  ", "x" * (LONGEST_ROUTE + 1)])
def test_a_bus_route_has_a_name_of_limited_length(route: str) -> None:
    with pytest.raises(WrongValueError, match="not a bus route"):
        check_route(route)


def test_a_policy_file_with_a_nameless_bus_route_names_the_line() -> None:
    with pytest.raises(PolicyError) as refusal:
        parse(SMALLEST.replace("[am]", 'bus_routes = ["Bus 27", ""]\n[am]', 1), "oak-lane.toml")
    assert "bus_routes[2]" in str(refusal.value)
