"""The kiosks: enrolment, cards given there, clocks."""
