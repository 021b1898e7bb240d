"""Own what stands where and what is typical: concordance, collocates, keyness, word shift and dispersion."""
