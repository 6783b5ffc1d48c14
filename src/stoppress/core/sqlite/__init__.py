"""Django's way to SQLite, but a file that is not there is never made, and one that was moved never written to."""
