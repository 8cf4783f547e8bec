"""Kiosks: enrolment, cards assigned there, clocks."""
