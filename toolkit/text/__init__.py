"""Turn articles into words, terms into patterns, and find the ones in the other."""

from toolkit.text.attributed import quotations
from toolkit.text.finding import find, word_forms
from toolkit.text.forms import suggest_forms
from toolkit.text.patterns import Pattern
from toolkit.text.terms import Terms
from toolkit.text.tokens import Tokens, Vocabulary, tokenize

__all__ = ["Pattern", "Terms", "Tokens", "Vocabulary", "find", "quotations", "suggest_forms", "tokenize", "word_forms"]
