"""A simulated USB printer, behind pyusb's own code: a backend as libusb is one."""

import errno
from array import array
from types import SimpleNamespace
from typing import Any

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

VENDOR, PRODUCT = 0x04B8, 0x0E15
_BULK = 2


class UsbPrinter(IBackend):  # type: ignore[misc]  # pyusb comes without types
    """One printer on the bus; its questions fail as a test sets them."""

    def __init__(self, *endpoints: int) -> None:
        super().__init__()
        self._endpoints = endpoints
        self.printed = b""
        self.replies: list[bytes] = []
        """What the coming reads return; afterwards they time out."""
        self.read_error: int | None = None
        """The error of every read."""
        self.halts_cleared = 0
        self.is_plugged_in = True

    def enumerate_devices(self) -> list[str]:
        return ["printer"] if self.is_plugged_in else []

    def get_parent(self, dev: str) -> None:
        return None

    def get_device_descriptor(self, dev: str) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64,
            idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=0, iManufacturer=0, iProduct=0,
            iSerialNumber=0, bNumConfigurations=1, address=1, bus=1, port_number=1,
            port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: str, config: int) -> SimpleNamespace:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: str, intf: int, alt: int, config: int) -> SimpleNamespace:
        if intf or alt:
            raise IndexError(intf)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0,
            bNumEndpoints=len(self._endpoints), bInterfaceClass=7, bInterfaceSubClass=1, bInterfaceProtocol=1,
            iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: str, ep: int, intf: int, alt: int, config: int) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=self._endpoints[ep], bmAttributes=_BULK,
            wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: str) -> str:
        return dev

    def close_device(self, dev_handle: str) -> None: ...

    def set_configuration(self, dev_handle: str, config_value: int) -> None: ...

    def get_configuration(self, dev_handle: str) -> int:
        return 1

    def claim_interface(self, dev_handle: str, intf: int) -> None: ...

    def release_interface(self, dev_handle: str, intf: int) -> None: ...

    def reset_device(self, dev_handle: str) -> None: ...

    def clear_halt(self, dev_handle: str, ep: int) -> None:
        self.halts_cleared += 1

    def bulk_write(self, dev_handle: str, ep: int, intf: int, data: Any, timeout: int) -> int:
        if not self.is_plugged_in:
            raise USBError("No such device", errno=errno.ENODEV)
        assert ep in self._endpoints
        self.printed += bytes(data)
        return len(data)

    def bulk_read(self, dev_handle: str, ep: int, intf: int, buff: "array[int]", timeout: int) -> int:
        if self.read_error is not None:
            raise USBError("a failing read", errno=self.read_error)
        if not self.replies:
            raise USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT)
        reply = self.replies.pop(0)
        buff[: len(reply)] = array("B", reply)
        return len(reply)
