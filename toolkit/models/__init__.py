"""Own what turns text into vectors or answers: embedders, and what they keep between runs."""
