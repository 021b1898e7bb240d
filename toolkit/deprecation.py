"""Own old names: functions and parameters that go on working until 1.0, and name what replaces them."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def old_name(
    old: str, new: str, function: Callable[Parameters, Result], prefix: str = "tk."
) -> Callable[Parameters, Result]:
    """Return a function under its old name: same signature, same result, and a warning that gives the new name.

    Examples
    --------
    >>> def total(values): return sum(values)
    >>> summed = old_name("summed", "total", total)
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     summed([1, 2]), str(caught[0].message)
    (3, 'tk.summed is now called tk.total. The old name goes with version 1.0.')
    """

    @functools.wraps(function)
    def renamed(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        warnings.warn(
            f"{prefix}{old} is now called {prefix}{new}. The old name goes with version 1.0.",
            DeprecationWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    renamed.__name__ = renamed.__qualname__ = old
    renamed.__doc__ = f"Old name of `{prefix}{new}`, kept until version 1.0.\n\n{function.__doc__ or ''}"
    return renamed


def old_parameters(**names: str) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Let a function take parameters by their old names too, with a warning that gives the new one.

    Parameters
    ----------
    **names : str
        Each old name with the new one.

    Examples
    --------
    >>> @old_parameters(least="min_n")
    ... def kept(values, *, min_n=1): return [v for v in values if v >= min_n]
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     kept([1, 2, 3], least=2), str(caught[0].message)
    ([2, 3], 'kept(least=...) is now called min_n. The old name goes with version 1.0.')
    """

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        @functools.wraps(function)
        def accepting(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            given: dict[str, Any] = kwargs
            for old in names.keys() & given.keys():
                new = names[old]
                if new in given:
                    raise TypeError(f"{function.__name__}() got {new} twice, once by its old name {old}")
                warnings.warn(
                    f"{function.__name__}({old}=...) is now called {new}. The old name goes with version 1.0.",
                    DeprecationWarning,
                    stacklevel=2,
                )
                given[new] = given.pop(old)
            return function(*args, **kwargs)

        return accepting

    return decorate
