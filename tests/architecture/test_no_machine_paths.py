"""Nothing of the machine the project was written on is in it, and no lock names an address to fetch from."""

import json
import re
import subprocess
from pathlib import Path

from tests.architecture.source import ROOT

PLACES = re.compile(r"(?<![\w.])/(?:home|Users)/\w+|(?<![\w.])/root/\w|[A-Z]:\\Users\\")
LOCKS = ("requirements.lock", "requirements-dev.lock")
NPM_LOCKS = ("frontend/package-lock.json", "tests/browser-packages/package-lock.json")


def tracked_texts() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8", errors="ignore") for path in paths}


def test_no_file_names_a_place_of_one_machine():
    texts = tracked_texts()
    assert len(texts) > 50
    here = re.compile(rf"(?<![\w.]){re.escape(str(ROOT))}(?!\w)")
    named = [
        f"{name}: {found.group()}"
        for name, text in texts.items()
        if name != Path(__file__).relative_to(ROOT).as_posix()
        for pattern in (PLACES, here)
        for found in [pattern.search(text)]
        if found
    ]
    assert not named, "\n".join(named)


def test_a_place_of_a_machine_is_recognised():
    assert PLACES.search("open('/home/ann/x')")
    assert PLACES.search("/Users/ann")
    assert PLACES.search("cd /root/project")
    assert not PLACES.search("templates/home/index.html, https://example.com/root/x")


def test_python_locks_hold_hashes_and_no_address():
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(r"^([a-z0-9][\w.-]*(?:\[[\w,]+\])?)==\S+.*\\\n    --hash=sha256:", text, re.MULTILINE)
        entries = re.findall(r"^[a-z0-9]", text, re.MULTILINE)
        assert len(pinned) == len(entries) > 20, name
        assert "://" not in text


def test_npm_locks_hold_integrity_and_no_address_to_fetch_from():
    for name in NPM_LOCKS:
        packages = json.loads((ROOT / name).read_text(encoding="utf-8"))["packages"]
        installed = {path: entry for path, entry in packages.items() if path}
        assert installed
        problems = [path for path, entry in installed.items() if "resolved" in entry or "integrity" not in entry]
        assert not problems, "\n".join(problems)
