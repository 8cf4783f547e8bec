"""The kiosk as a process: its start, the wiring of its parts, and the threads behind the window."""
