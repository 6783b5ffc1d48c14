"""Replies: threads under a Subject. Knows no article, and lets nobody outside see a writer's address."""
