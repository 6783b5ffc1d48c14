"""One setting is changed; what the owner wrote around it stays."""

import tomllib
from pathlib import Path

import pytest

from stoppress.cli.settings_file import changed
from stoppress.config.instance import InstanceError, load

URL = 'postgres://a"b\\c@host/news'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('# Ours.\ntitle = "T"\n\n# Where.\n# database_url = ""\n# port = 1\n', "# Where.\n{}\n# port = 1\n"),
        ('title = "T" # mine\n', 'title = "T" # mine\n{}\n'),
        ('database_url = "sqlite:////x"  # old\nport = 1\n', '# database_url = "sqlite:////x"  # old\n{}\nport = 1\n'),
        ("'database_url' = ''\n", "# 'database_url' = ''\n{}\n"),
        ("", "{}\n"),
    ],
)
def test_the_rest_stays(paper: Path, before: str, after: str) -> None:
    file = paper / "stoppress.toml"
    file.write_text(before, encoding="utf-8")
    file.chmod(0o640)
    changed(load(paper, {}), "database_url", URL, is_secret=True).apply()
    text = file.read_text(encoding="utf-8")
    line = 'database_url = "postgres://a\\"b\\\\c@host/news"'
    assert text.endswith(after.format(line))
    assert tomllib.loads(text) == {**tomllib.loads(before), "database_url": URL}
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in paper.iterdir() if path.name.startswith(".")] == []


def test_what_is_not_understood_is_left(paper: Path) -> None:
    file = paper / "stoppress.toml"
    file.write_text('comments_breaking_notice = """\ndatabase_url = "x"\n"""\ndatabase_url = ""\n', encoding="utf-8")
    with pytest.raises(InstanceError, match="Put it on one line first"):
        changed(load(paper, {}), "database_url", URL, is_secret=True)
