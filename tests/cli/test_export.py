"""``stoppress export``: a folder that is whole, or a line and nothing."""

import json
from pathlib import Path

from tests.tree import stoppress


def test_it_writes_a_folder_and_says_what_is_in_it(original: Path, tmp_path: Path) -> None:
    made = stoppress("--instance", original, "export", tmp_path / "out")
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-1] == f"{tmp_path / 'out'} is whole."
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["title"], manifest["counts"]["articles"]) == ("The Test Gazette", 0)
    again = stoppress("--instance", original, "export", tmp_path / "out")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == (
        f"stoppress: {tmp_path / 'out'} is there already; nothing was written. Name a new folder.\n"
    )


def test_wordpress_s_form_and_its_option(original: Path, tmp_path: Path) -> None:
    wrong = stoppress("--instance", original, "export", tmp_path / "out", "--files-url", "https://x.example/")
    assert wrong.returncode == 2
    assert "--files-url belongs to --format wxr." in wrong.stderr
    made = stoppress("--instance", original, "export", tmp_path / "out", "--format", "wxr")
    assert made.returncode == 0, made.stderr
    assert "<wp:wxr_version>1.2</wp:wxr_version>" in (tmp_path / "out/export.xml").read_text(encoding="utf-8")
