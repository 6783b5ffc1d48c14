"""Staff and readers: who may do what. Of pages it knows only that they are places in Wagtail's tree."""
