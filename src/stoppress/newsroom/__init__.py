"""Sections, articles, bylines: the newsroom's own pages, and what the page store must know of them."""
