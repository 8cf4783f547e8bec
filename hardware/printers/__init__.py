"""Slip printers: what a slip says, how it becomes ESC/POS, and a printer that is never in the way."""
