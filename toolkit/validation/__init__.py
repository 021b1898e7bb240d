"""Own the error of a search: samples of what it finds and of what it leaves, to be coded, and what the codes say."""

from toolkit.validation.drawing import sample_for_validation
from toolkit.validation.judging import term_error

__all__ = ["sample_for_validation", "term_error"]
