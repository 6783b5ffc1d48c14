"""Whose players may be shown, and that the policy and the list of providers say the same."""

from urllib.parse import urlsplit

import pytest

from stoppress.core.policy import FRAME_SOURCES
from stoppress.newsroom import embeds


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        (
            "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
            "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1",
        ),
        ("https://youtu.be/aqz-KE-bpKQ?t=10", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1"),
        (
            "https://m.youtube.com/watch?t=1&v=aqz-KE-bpKQ&x=2",
            "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1",
        ),
        ("https://www.youtube.com/shorts/aqz-KE-bpKQ", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1"),
        (
            "https://www.youtube.com/embed/videoseries?si=x&list=PLbpi6ZahtOH6Blw3RGYpWkSByi_T7Rygb&start=1",
            "https://www.youtube-nocookie.com/embed/videoseries?list=PLbpi6ZahtOH6Blw3RGYpWkSByi_T7Rygb&autoplay=1",
        ),
        (
            "https://www.youtube.com/playlist?list=PLbpi6ZahtOH6Blw3RGYpWkSByi_T7Rygb",
            "https://www.youtube-nocookie.com/embed/videoseries?list=PLbpi6ZahtOH6Blw3RGYpWkSByi_T7Rygb&autoplay=1",
        ),
        ("https://vimeo.com/1084537", "https://player.vimeo.com/video/1084537?dnt=1&autoplay=1"),
        ("https://player.vimeo.com/video/1084537?h=1", "https://player.vimeo.com/video/1084537?dnt=1&autoplay=1"),
        ("https://www.dailymotion.com/video/x8abcde", "https://geo.dailymotion.com/player.html?video=x8abcde"),
        (
            "https://soundcloud.com/some-one/a-tune",
            "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/some-one/a-tune&auto_play=true",
        ),
        (
            "https://open.spotify.com/intl-de/episode/0123456789abcdefghijAB?si=1",
            "https://open.spotify.com/embed/episode/0123456789abcdefghijAB",
        ),
        ("https://datawrapper.dwcdn.net/aB3dE/2/", "https://datawrapper.dwcdn.net/aB3dE/"),
    ],
)
def test_known_addresses(address: str, frame: str) -> None:
    found = embeds.find(address)
    assert found is not None
    assert found.frame == frame


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://example.com/watch?v=aqz-KE-bpKQ",
        "https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
        "https://evil.example/https://www.youtube.com/watch?v=aqz-KE-bpKQ",
        "https://www.youtube.com/watch?v=short",
        'https://www.youtube.com/watch?v="><script>1',
        "javascript:alert(1)//www.youtube.com/watch?v=aqz-KE-bpKQ",
        "https://vimeo.com/about",
        "https://www.youtube.com/embed/videoseries",
        "https://www.youtube.com/embed/live_stream?channel=UC1234567890",
        'https://www.youtube.com/playlist?list="><script>1',
        "https://www.youtube.com@evil.example/watch?v=aqz-KE-bpKQ",
    ],
)
def test_anything_else_is_nobodys(address: str) -> None:
    assert embeds.find(address) is None


def test_the_policy_allows_the_frames_of_providers_and_no_others() -> None:
    origins = {"https://" + urlsplit(provider.frame).netloc for provider in embeds.PROVIDERS}
    assert origins == set(FRAME_SOURCES)
