"""The devices: card readers, slip printers and the clock. Independent of schools and of the other parts."""
