"""The kiosk's end of the wire: send what waits, fetch the bundle, ask for releases."""
