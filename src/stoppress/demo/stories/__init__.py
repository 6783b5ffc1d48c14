"""What the sample says. One module a section, and the short notices that fill its older pages."""

from stoppress.demo.stories import founding, local, more, shorts, sports, world
from stoppress.demo.stories.form import Story


def all_stories() -> list[Story]:
    """Every story, oldest first."""
    stories = [founding.STORY, *world.STORIES, *local.STORIES, *sports.STORIES, *more.STORIES, *shorts.stories()]
    return sorted(stories, key=lambda story: story.published_at)
