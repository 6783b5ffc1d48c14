"""Bringing another system's archive in. It reads a file and writes through actions; nothing below knows of it."""
