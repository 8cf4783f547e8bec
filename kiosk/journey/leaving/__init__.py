"""Leaving: alone, or collected by an adult whom the office or a PIN allows."""
