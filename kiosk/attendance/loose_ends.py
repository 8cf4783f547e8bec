"""What in a policy file speaks of a value or a year group that the policy does not have."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from kiosk.attendance.faults import Fault, show
from kiosk.attendance.keys import expected_key
from kiosk.attendance.years import YEARS


def loose_ends(values: Mapping[str, Any], model: type[BaseModel]) -> Iterator[Fault]:
    """Every `provisional` key and key of `sources` that leads nowhere in `model`, and every end of the day
    for a year that the policy does not have.

    From the file's values as they are, so that these mistakes are reported together with all others.
    Values of a wrong type are left to pydantic.
    """
    for place, key in enumerate(_list(values.get("provisional"))):
        if isinstance(key, str) and (expected := expected_key(model, key)):
            yield Fault.of(("provisional", place), show(key), f"the key of a value, {expected}")
    for key in _table(values.get("sources")):
        if expected := expected_key(model, key):
            yield Fault.of(("sources", key), "an unknown key", f"the key of a value, {expected}")
    its_years = _list(values.get("years"))
    for session in ("am", "pm"):
        for year in _table(_table(values.get(session)).get("ends_by_year")):
            if its_years and year in YEARS and year not in its_years:
                years = ", ".join(show(each) for each in its_years)
                yield Fault.of((session, "ends_by_year", year), show(year), f"a year of this policy, {years}")


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
