"""Own what keeps figures true: each is saved with its data and recipe, and the notebooks can be run again and compared."""
