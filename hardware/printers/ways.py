"""python-escpos's printers, made so that none of them can hold up the thread that uses them."""

from typing import Any

from escpos.printer import Network, Serial

ANSWER_SECONDS = 0.25
"""A printer answers DLE EOT at once; on a slow network in some hundredths."""
SEND_SECONDS = 20.0
"""How long a printer may take for its data: a slip has 10 kB, which is 10 s at 9600 baud."""
CONNECT_SECONDS = 3.0


class SerialWay(Serial):  # type: ignore[misc]  # python-escpos comes without types
    """A serial printer whose writes end, and which is closed without waiting for what it did not take."""

    _device: Any

    def open(self, raise_not_found: bool = True) -> None:
        """See python-escpos."""
        super().open(raise_not_found)
        if self.device:
            self.device.write_timeout = SEND_SECONDS

    def close(self) -> None:
        """See python-escpos; its own waits until all is printed, with no paper for ever."""
        device, self._device = self._device, False
        if device:
            try:
                device.reset_output_buffer()
            finally:
                device.close()


class NetworkWay(Network):  # type: ignore[misc]  # python-escpos comes without types
    """A network printer with a time limit for each step, and an error when the printer hangs up."""

    def open(self, raise_not_found: bool = True) -> None:
        """See python-escpos."""
        self.timeout = CONNECT_SECONDS
        super().open(raise_not_found)
        if self.device:
            self.device.settimeout(SEND_SECONDS)

    def _read(self) -> bytes:
        self.device.settimeout(ANSWER_SECONDS)
        try:
            answer = bytes(super()._read())
        finally:
            self.device.settimeout(SEND_SECONDS)
        if not answer:
            raise ConnectionResetError("The printer hung up.")
        return answer
