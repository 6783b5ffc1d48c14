"""The tests; one folder a room, ``test_<module>.py`` mirrors the module."""
