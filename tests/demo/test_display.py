import os
import subprocess
from pathlib import Path

import pytest

from demo import display
from demo.display import DisplayError, virtual_display


def geometry(name: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "DISPLAY": name}
    command = ["xdotool", "getdisplaygeometry"]
    return subprocess.run(command, env=environment, capture_output=True, check=False, text=True, timeout=20)


def test_a_virtual_display_has_its_size_and_ends_with_the_block() -> None:
    with virtual_display((640, 480)) as name:
        assert geometry(name).stdout == "640 480\n"
    assert geometry(name).returncode != 0


def test_without_xvfb_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DisplayError, match="install the package xvfb"), virtual_display():
        pass
    assert display.main(["true"]) == 2
