"""What a log must not tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoppress.core.redaction import LONGEST, redacted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not Found: /world/story/", "Not Found: /world/story/"),
        ("/desk/?next=/desk/pages/&token=abc failed", "/desk/?[…] failed"),
        ("/-/unsubscribe?abcdef", "/-/unsubscribe?[…]"),
        ("What now? Nothing.", "What now? Nothing."),
        ("mail to ada.okafor+x@news.example bounced", "mail to […] bounced"),
        ("Key (email)=(ada@news.example) already exists.", "Key (email)=([…]) already exists."),
        ("/invite/ada%40news.example/", "/invite/[…]/"),
        ("postgres://paper:s3cret@db.example/paper refused", "postgres://[…]@db.example/paper refused"),
        ("Cookie: sessionid=abc; csrftoken=def\nHost: x", "Cookie: […]\nHost: x"),
        ("{'HTTP_AUTHORIZATION': 'Basic abc'}", "{'HTTP_AUTHORIZATION': […]"),
        ("login(user='ada', password='let me in')", "login(user='ada', password=[…])"),
        ('{"api_key": "abc", "n": 1}', '{"api_key": […], "n": 1}'),
        ("sessionid=abcdef, and on", "sessionid=[…], and on"),
        ("/desk/password_reset/confirm/MQ/c8wx3q-0d5c/ failed", "/desk/password_reset/confirm/[…] failed"),
        (f"/-/confirm/MTI:1vNqzX:{'aB3-_' * 9}/", "/-/confirm/[…]/"),
        ("article:42 is stale", "article:42 is stale"),
    ],
)
def test_private_parts_are_left_out(text: str, expected: str) -> None:
    assert redacted(text) == expected


@given(st.text(max_size=300), st.sampled_from(["ada@news.example", "postgres://a:hunter2@db/x", "?key=hunter2"]))
def test_nothing_around_it_lets_it_through(around: str, private: str) -> None:
    shown = redacted(f"{around} /page{private} {around}")
    assert "hunter2" not in shown
    assert "ada@news" not in shown


def test_a_text_without_end_is_cut_in_its_middle() -> None:
    shown = redacted("begin " + "csrf" * LONGEST + " end")
    assert shown.startswith("begin ")
    assert shown.endswith(" end")
    assert len(shown) < LONGEST + 10
