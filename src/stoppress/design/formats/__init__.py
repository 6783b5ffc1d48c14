"""How dates read, where Django's own habits for a language are not a newspaper's (``FORMAT_MODULE_PATH``)."""
