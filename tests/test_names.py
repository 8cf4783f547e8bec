"""One name for one idea: no class name stands twice in the house."""

import ast
from collections import defaultdict

from tests.paths import ROOT

HOUSE = ("attendance", "bench", "demo", "hardware", "kiosk", "sync")


def test_no_class_name_stands_twice() -> None:
    places = defaultdict(list)
    for room in HOUSE:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
