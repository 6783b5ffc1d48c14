"""The ``stoppress`` command: thin. What it does lives in the rooms; here are arguments, progress and errors."""
