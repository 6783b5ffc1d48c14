"""The Wagtail admin's own screens: what fails to bake, and killing a story; and pruning, which concerns every room."""
