"""Answering readers from the page store. Nothing in this package imports Django."""
