"""The page store: bake (render once, write once) and serve. Knows addresses and keys, never an article."""
