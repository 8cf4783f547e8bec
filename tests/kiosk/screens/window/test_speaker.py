"""The sounds as they leave the machine: SDL writes them to a file instead of a loudspeaker."""

import array
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

PLAY = """
import sys, time
from pathlib import Path
from kiosk.screens.window import setup
setup.prepare(Path(sys.argv[1]))
from kiosk.screens.window.speaker import Speaker
from kiosk.views import Sound
speaker = Speaker()
end = time.monotonic() + 20
while len(speaker._loaded) < len(Sound) and time.monotonic() < end:
    time.sleep(0.01)
if sys.argv[2] != "silent":
    speaker.play(Sound(sys.argv[2]))
time.sleep(0.3)
"""


def play(folder: Path, sound: str, driver: str = "disk") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SDL_AUDIODRIVER": driver,
        "SDL_DISKAUDIOFILE": str(folder / "heard.raw"),
        "SDL_DISKAUDIODELAY": "10",
    }
    command = [sys.executable, "-c", PLAY, str(folder / "kivy"), sound]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def loudest(folder: Path) -> int:
    data = (folder / "heard.raw").read_bytes()
    return max(map(abs, array.array("h", data[: len(data) // 2 * 2])), default=0)


@pytest.mark.parametrize("sound", ["accepted", "unknown_card", "attention"])
def test_each_sound_reaches_the_loudspeaker(tmp_path: Path, sound: str) -> None:
    assert play(tmp_path, sound).returncode == 0
    assert loudest(tmp_path) > 3000


def test_the_loudspeaker_is_silent_until_a_sound_is_played(tmp_path: Path) -> None:
    assert play(tmp_path, "silent").returncode == 0
    assert loudest(tmp_path) == 0
