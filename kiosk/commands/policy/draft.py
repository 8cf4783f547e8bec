"""A policy in the making: the answers so far, and what the checker finds in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from attendance.policy.answers import FileValue, leaf_keys
from attendance.policy.check import Finding, check
from attendance.policy.files import parse
from attendance.policy.keys import KeyGroup, PolicyKey
from attendance.policy.model import KEY_GROUPS, KEYS
from attendance.text import one_line
from kiosk.commands.policy.text import policy_text

SCHOOL, MORNING = KEY_GROUPS[:2]

_AFTERNOON = {"pm.opens": "23:58", "pm.closes": "23:58", "pm.ends": "23:59"}
"""Stands in for the afternoon until it has been answered. Findings about it are not shown."""


@dataclass(slots=True)
class Draft:
    """Answers, and the paragraphs of the document that state them. Both by dotted key, both as text."""

    answers: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def answer(self, key: PolicyKey, text: str) -> None:
        """Take an answer in place of the previous one.

        Raises:
            ValueError: it cannot be read; the text is one sentence that says how to write it.
        """
        value = key.read(text, self.answers)
        self.answers.pop(key.name, None)
        if text != key.default(self.answers):  # a default keeps following the answer that it copies
            self.answers[key.name] = text
        leaves = set(leaf_keys(key.name, value))
        for leaf in self._source_keys(key):
            if leaf not in leaves:
                del self.sources[leaf]

    def set_source(self, key: PolicyKey, paragraph: str) -> None:
        """Record the paragraph that states the answer; an empty one if no paragraph does."""
        for leaf in self._source_keys(key):
            del self.sources[leaf]
        value = key.read(self.current(key) or "", self.answers)
        if paragraph := one_line(paragraph):
            self.sources.update(dict.fromkeys(leaf_keys(key.name, value), paragraph))

    def current(self, key: PolicyKey) -> str | None:
        """The answer, or else the default; `None` if there is neither."""
        return self.answers.get(key.name, key.default(self.answers))

    def source(self, key: PolicyKey) -> str:
        """The paragraph that states the answer; empty if none is known."""
        return next((self.sources[leaf] for leaf in self._source_keys(key)), "")

    def missing(self) -> list[PolicyKey]:
        """The keys that need an answer and have none."""
        return [key for key in KEYS if key.is_required and key.name not in self.answers]

    def text(self) -> str:
        """The policy file, with the default of every key that has no answer.

        Raises:
            ValueError: an answer does not fit the others.
        """
        return policy_text(_values(self.answers), self.sources)

    def findings(self, group: KeyGroup) -> list[Finding]:
        """What the checker finds in that group's answers, once it and the groups before it are answered.

        Values that the document does not state are left out: the user has just said so.

        Raises:
            ValueError: an answer does not fit the others.
        """
        if group is SCHOOL:
            return []
        answers = self.answers | _AFTERNOON if group is MORNING else self.answers
        policy = parse(policy_text(_values(answers), {}), "the answers")
        names = tuple(key.name for key in group.keys)
        return [each for each in check(policy) if each.id != "unstated" and each.key.startswith(names)]

    def _source_keys(self, key: PolicyKey) -> list[str]:
        return [leaf for leaf in self.sources if leaf == key.name or leaf.startswith(f"{key.name}.")]


def _values(answers: Mapping[str, str]) -> dict[str, FileValue]:
    values: dict[str, FileValue] = {}
    for key in KEYS:
        text = answers.get(key.name, key.default(answers))
        if text is not None:
            values[key.name] = key.read(text, answers)
    return values
