"""Both ends of the wire between a kiosk and the central register."""
