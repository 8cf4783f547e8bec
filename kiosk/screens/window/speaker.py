"""Plays a frame's sound. A kiosk without a loudspeaker is silent and logs that once."""

import threading
from typing import Any

import structlog
from kivy.core.audio import SoundLoader

from kiosk.screens import sounds
from kiosk.views import Sound

log = structlog.get_logger()

FILES = {
    Sound.ACCEPTED: sounds.ACCEPTED,
    Sound.UNKNOWN_CARD: sounds.UNKNOWN_CARD,
    Sound.ATTENTION: sounds.ATTENTION,
}


class Speaker:
    """Plays the sounds that a background thread has loaded, so that no frame waits for the disk."""

    def __init__(self) -> None:
        self._loaded: dict[Sound, Any] = {}
        threading.Thread(target=self._load, name="sounds", daemon=True).start()

    def play(self, sound: Sound) -> None:
        """Play a sound from its beginning, on the UI thread; silent until it is loaded."""
        loaded = self._loaded.get(sound)
        if loaded is not None:
            loaded.stop()
            loaded.play()

    def _load(self) -> None:
        for sound, path in FILES.items():
            loaded = SoundLoader.load(str(path))
            if loaded is None or not loaded.length:
                log.warning("sound.none", detail="no usable loudspeaker")
                return
            self._loaded[sound] = loaded
        log.info("sound.ready")
