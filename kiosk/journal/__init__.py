"""What happened at this kiosk, durably: entries, their way to the register, and the roster."""
