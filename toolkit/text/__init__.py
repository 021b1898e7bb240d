"""Own words, the index, terms and the patterns that they are made of."""
