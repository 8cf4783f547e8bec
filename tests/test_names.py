"""One name for one idea: every class name is used once."""

import ast
from collections import defaultdict

from tests.paths import ROOT

PACKAGES = ("attendance", "bench", "demo", "hardware", "kiosk", "sync")


def test_no_class_name_is_used_twice() -> None:
    places = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
