"""Own rules, and how a table of them decides.

A decision with many cases is a tuple of rules, tried in order; the first that applies decides. To add a case, add a line in its place,
with an example, and add a sentence that it decides to the test of the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Rule(Generic[Case]):
    """One line of a table.

    Attributes
    ----------
    example : str
        What the rule is about: words as they may stand in a text, and the reason.
    holds : callable
        Whether a case is such a case.
    then : object
        What follows if it is. In a table that only asks whether any rule holds, nothing is given.
    """

    example: str
    holds: Callable[[Case], object]
    then: Any = True


def decide(rules: tuple[Rule[Case], ...], case: Case, otherwise: Any = False) -> Any:
    """Return what follows from the first rule that holds.

    Examples
    --------
    >>> ages = (Rule("6 years: a child", lambda n: n < 18, "child"), Rule("70 years: retired", lambda n: n > 65, "pensioner"))
    >>> [decide(ages, age, "adult") for age in (6, 30, 70)]
    ['child', 'adult', 'pensioner']
    """
    for rule in rules:
        if rule.holds(case):
            return rule.then

    return otherwise
