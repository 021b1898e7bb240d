"""Turn articles into words, terms into patterns, and find the ones in the other."""

from toolkit.text.finding import find, word_forms
from toolkit.text.terms import Pattern, Terms
from toolkit.text.tokens import Tokens, Vocabulary, tokenize

__all__ = ["Pattern", "Terms", "Tokens", "Vocabulary", "find", "tokenize", "word_forms"]
