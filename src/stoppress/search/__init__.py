"""Full-text search for readers: an index of its own, kept beside what the page store derives.

Nothing of the desk may enter: what is found here is public, or it is a leak.
"""
