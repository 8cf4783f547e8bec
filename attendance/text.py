"""Small functions for text in English."""


def capitalise(text: str) -> str:
    """The text with a capital first letter; unlike `str.capitalize`, the others stay as they are."""
    return text[:1].upper() + text[1:]


def as_sentence(text: object) -> str:
    """A text or an error's message with a capital first letter and one full stop."""
    return f"{capitalise(str(text)).rstrip('.')}."
