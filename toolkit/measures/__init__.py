"""Hold the arithmetic: numbers in, numbers out, no table needed to test it."""
