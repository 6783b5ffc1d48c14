"""Staff and readers: who may do what. Knows nothing of pages."""
