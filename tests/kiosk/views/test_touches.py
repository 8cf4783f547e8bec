"""The list of touches is complete, and the screens, which no type checker reads, report only those."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args

import pytest

from kiosk.views import touches

SCREENS = Path(__file__).parents[3] / "kiosk" / "screens"
KV_FILES = sorted(path for path in SCREENS.rglob("*.kv") if "touches." in path.read_text(encoding="utf-8"))
TOUCHES = {each for each in vars(touches).values() if isinstance(each, type) and is_dataclass(each)}


def test_the_union_of_touches_lists_each_of_them() -> None:
    assert set(get_args(touches.Touch)) == TOUCHES


@pytest.mark.parametrize("path", KV_FILES, ids=lambda path: path.stem)
def test_a_kv_file_reports_only_touches_that_exist(path: Path) -> None:
    names = re.findall(r"touches\.(\w+)\(\)", path.read_text(encoding="utf-8"))
    assert names, f"{path} imports the touches but reports none"
    for name in names:
        assert not fields(getattr(touches, name)), f"{name} has a value, which the file does not give"


def test_every_touch_is_reported_by_a_screen() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in SCREENS.rglob("*") if path.suffix in {".py", ".kv"}
    )
    assert [each.__name__ for each in TOUCHES if f"{each.__name__}(" not in text] == []
