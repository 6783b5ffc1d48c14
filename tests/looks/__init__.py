"""Pictures of every page type, for people to look at: ``make screenshots``."""
