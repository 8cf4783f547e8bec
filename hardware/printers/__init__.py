"""Slip printers: the text of a slip, its ESC/POS bytes, and a printer thread that never delays a pupil."""
