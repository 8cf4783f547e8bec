"""A sentence in parts: its words, and the times, names and numbers among them.

Kivy shapes right-to-left text but does not reorder a mixed line, so every value is drawn by itself. A
translator moves `{time}` to where the language wants it; the screen lays the parts out one after another.
"""

from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class SentencePart:
    """Some words, or one value."""

    text: str
    is_value: bool = False


Sentence = tuple[SentencePart, ...]


def say(template: str, **values: str | int | Sentence) -> Sentence:
    """Fill in a template such as `Signed in at {time}`; a value that is a sentence keeps its parts.

    Raises:
        KeyError: a placeholder has no value.
    """
    parts: list[SentencePart] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            parts.append(SentencePart(words))
        if name is not None:
            value = values[name]
            parts.extend(value if isinstance(value, tuple) else (SentencePart(str(value), is_value=True),))
    return tuple(parts)


def plain(sentence: Sentence) -> str:
    """The sentence as one string."""
    return "".join(part.text for part in sentence)


def join(*sentences: Sentence, by: str = " · ") -> Sentence:
    """Join sentences on one line, without the empty ones."""
    joined: list[SentencePart] = []
    for sentence in sentences:
        if not sentence:
            continue
        if joined:
            joined.append(SentencePart(by))
        joined.extend(sentence)
    return tuple(joined)
