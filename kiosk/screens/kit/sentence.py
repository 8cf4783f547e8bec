"""A sentence whose times, names and numbers stand apart from its words.

Kivy shapes right-to-left text but does not reorder a mixed line, so a value is always drawn on its own. A
translator moves `{time}` where the language wants it; the screen lays the parts out one after the other.
"""

from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Part:
    """Some words, or one value among them."""

    text: str
    is_value: bool = False


Sentence = tuple[Part, ...]


def say(template: str, **values: str | int | Sentence) -> Sentence:
    """The sentence of a template like `Signed in at {time}`; a value that is a sentence keeps its parts.

    Raises:
        KeyError: the template names a value that is not given.
    """
    parts: list[Part] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            parts.append(Part(words))
        if name is not None:
            value = values[name]
            parts.extend(value if isinstance(value, tuple) else (Part(str(value), is_value=True),))
    return tuple(parts)


def plain(sentence: Sentence) -> str:
    """The sentence as one string."""
    return "".join(part.text for part in sentence)


def join(*sentences: Sentence, by: str = " · ") -> Sentence:
    """Several sentences on one line; empty ones are left out."""
    joined: list[Part] = []
    for sentence in sentences:
        if not sentence:
            continue
        if joined:
            joined.append(Part(by))
        joined.extend(sentence)
    return tuple(joined)
