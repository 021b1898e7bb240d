"""Own counts: what was counted of each story in each cell, and the rates, shares and contrasts that are made of it."""
