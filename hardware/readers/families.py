"""Every family of readers that Latebook knows: configuration, probe and simulator read this one list.

To add a family, write its driver in `drivers/` (parser, simulated reader and `FAMILY`), add it here, and
write its test. `tests/hardware/readers/test_drivers.py` and `test_probe.py` run every family in the list.
"""

from hardware.readers.drivers import barcode, id12la, pn532, rdm6300, wedge
from hardware.readers.family import Family

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        rdm6300.FAMILY,
        id12la.FAMILY,
        pn532.FAMILY,
        barcode.FAMILY,
        wedge.FAMILY,
    )
}
"""By name, in the order in which the probe tries them."""


def family(name: str) -> Family:
    """The family with that name.

    Raises:
        ValueError: no family has that name.
    """
    if name not in FAMILIES:
        raise ValueError(f"There is no kind of reader named {name!r}: choose one of {', '.join(FAMILIES)}.")
    return FAMILIES[name]
