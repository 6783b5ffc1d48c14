"""Replies from what holds nothing else: Disqus, isso, Coral, an export of our own. Articles are found by address."""
