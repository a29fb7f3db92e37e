# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a PromQL expression names: its metrics, with the labels that each is asked for. promtool says whether it is valid at all."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
    | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
    | (?P<range>\[[^\]]*\])
    | (?P<name>[A-Za-z_:][\w:]*)
    | (?P<number>[0-9.][\w.]*)
    | (?P<mark>=~|!~|!=|==|>=|<=|[^\s\w])
    """,
    re.VERBOSE,
)
_LABEL_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}


@dataclass
class Names:
    """What an expression names."""

    # metric -> labels of its matchers, once a selector
    selectors: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    # (by, without, on, ...) -> its labels
    label_lists: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    @property
    def metrics(self) -> set[str]:
        """The metrics."""
        return {metric for metric, _ in self.selectors}

    def labels_of(self, *kinds: str) -> set[str]:
        """The labels of all lists of these kinds."""
        return {label for kind, labels in self.label_lists if kind in kinds for label in labels}


def names_of(expression: str) -> Names:
    """Reads an expression that promtool takes; ValueError for a selector without a metric's name."""
    tokens = [(match.lastgroup, match.group()) for match in _TOKEN.finditer(expression) if match.lastgroup != "comment"]
    names = Names()
    at = 0
    while at < len(tokens):
        kind, text = tokens[at]
        following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
        if text == "{":
            raise ValueError(f"a selector without a metric's name in {expression}")
        if kind == "name" and text in _LABEL_LISTS:
            labels, at = _until(tokens, at + 2, ")") if following == "(" else ([], at)
            names.label_lists.append((text, frozenset(name for part, name in labels if part == "name")))
        elif kind == "name" and following != "(" and text.lower() not in _WORDS and not _is_aggregation(tokens, at):
            matchers, at = _until(tokens, at + 2, "}") if following == "{" else ([], at)
            names.selectors.append((text, frozenset(name for part, name in matchers if part == "name")))
        at += 1
    return names


def _is_aggregation(tokens: list[tuple[str | None, str]], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1][1] in ("by", "without")


def _until(tokens: list[tuple[str | None, str]], start: int, end: str) -> tuple[list[tuple[str | None, str]], int]:
    at = start
    while tokens[at][1] != end:
        at += 1
    return tokens[start:at], at
