"""Journeys: the real server, from the outside. No fixed pauses; every wait asks until the answer is there."""
