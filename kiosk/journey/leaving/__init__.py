"""Leaving: alone, or collected by an adult after a release by the office or by a PIN."""
