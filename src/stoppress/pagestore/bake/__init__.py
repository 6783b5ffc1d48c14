"""Rendering once, writing once, and the worker that does it."""
