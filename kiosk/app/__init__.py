"""The kiosk as a process: start, the wiring of its parts, and the threads behind the window."""
