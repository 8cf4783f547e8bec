"""`latebook doctor`: what of this kiosk works, and what to do about the rest."""
