"""Films of talks: their frames, when what they show changes, and the slides that are read on them."""
