"""`latebook doctor`: checks of what works on this kiosk, with a remedy for the rest."""
