import subprocess
import sys
from pathlib import Path


def run(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )


def test_prepare_overrides_kivys_desktop_defaults(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from kiosk.screens.window.setup import prepare
prepare(Path({str(tmp_path / "kivy")!r}), (800, 480))
from kivy.config import Config
print(Config.items("input"))
print(Config.get("kivy", "exit_on_escape"), Config.get("graphics", "width"), Config.get("graphics", "height"))
"""
    result = run(code)
    lines = result.stdout.splitlines()
    assert "probesysfs" not in lines[0]
    assert lines[1] == "0 800 480"
    assert result.stderr == ""
    assert list(tmp_path.rglob("*.txt")) == []


def test_preparing_after_kivy_was_imported_is_an_error(tmp_path: Path) -> None:
    result = run(
        "import os; os.environ.update(KIVY_NO_FILELOG='1', KIVY_NO_ARGS='1', KIVY_NO_CONFIG='1')\n"
        "import kivy; from pathlib import Path; from kiosk.screens.window.setup import prepare\n"
        f"prepare(Path({str(tmp_path)!r}))"
    )
    assert result.returncode != 0
    assert "TooLateError: Kivy has already been imported" in result.stderr
