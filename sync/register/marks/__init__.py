"""The marks in the register, and amending them."""
