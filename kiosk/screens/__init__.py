"""The kiosk's user interface: a screen draws the view that the journey gives it, and reports touches back."""
