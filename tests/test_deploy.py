"""The files for a class's server: readable, without unknown keys, agreeing with each other."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
ROOM = (ROOT / "book" / "teach" / "room.md").read_text("utf-8")
#: top-level keys that each engine documents (TLJH 2, Zero to JupyterHub 4)
TLJH = {"users", "limits", "auth", "http", "https", "user_environment", "services", "base_url"}
Z2JH = {
    "hub", "proxy", "singleuser", "scheduling", "prePuller", "ingress", "cull", "debug", "rbac",
    "global", "custom", "nameOverride", "fullnameOverride", "imagePullSecret", "imagePullSecrets",
}  # fmt: skip


def load(name):
    return yaml.safe_load((DEPLOY / name).read_text("utf-8"))


def settings():
    """What deploy/tljh/course.py sets."""

    class Config(dict):
        def __getattr__(self, name):
            return self.setdefault(name, Config())

        def __setattr__(self, name, value):
            self[name] = value

    config = Config()
    source = (DEPLOY / "tljh" / "course.py").read_text("utf-8")
    exec(compile(source, "course.py", "exec"), {"get_config": lambda: config})
    return config


def gigabytes(text):
    return float(re.fullmatch(r"([\d.]+)G", text).group(1))


def test_the_keys_are_ones_that_the_engines_know():
    assert set(load("tljh/config.yaml")) <= TLJH
    assert set(load("kubernetes/values.yaml")) <= Z2JH


def test_both_give_each_student_the_same():
    one, many = load("tljh/config.yaml"), load("kubernetes/values.yaml")["singleuser"]
    assert one["limits"]["memory"] == many["memory"]["limit"]
    assert one["limits"]["cpu"] == many["cpu"]["limit"]
    told = settings()["Spawner"]["environment"]
    assert many["extraEnv"] and many["extraEnv"].items() <= told.items()
    assert int(told["TF_NUM_INTRAOP_THREADS"]) <= one["limits"]["cpu"]


def test_the_limit_leaves_room_above_what_was_measured():
    peaks = [float(gb) for gb in re.findall(r"\| chapter \d+ .*?\| ([\d.]+) GB", ROOM)]
    many = load("kubernetes/values.yaml")["singleuser"]["memory"]
    assert peaks and max(peaks) * 1.25 < gigabytes(many["limit"])
    assert gigabytes(many["guarantee"]) <= gigabytes(many["limit"])


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda p: p.name)
def test_the_scripts_can_be_parsed_and_name_files_that_exist(script):
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    for name in re.findall(r"\bdeploy/[\w./-]+", script.read_text("utf-8")):
        assert (ROOT / name).exists(), name


def test_the_image_is_made_of_files_that_exist():
    dockerfile = (DEPLOY / "kubernetes" / "Dockerfile").read_text("utf-8")
    lines = re.findall(r"^COPY (?:--chown=\S+ )?(.+) \S+$", dockerfile, re.M)
    assert len(lines) == dockerfile.count("COPY ") > 0
    for line in lines:
        for pattern in line.split():
            assert list(ROOT.glob(pattern)), pattern


@pytest.mark.parametrize("name", ["tljh/install.sh", "kubernetes/Dockerfile"])
def test_the_pins_are_taken_without_their_hashes(name, tmp_path):
    text = (DEPLOY / name).read_text("utf-8")
    command = re.search(r"(grep -v .+? )\S*requirements.txt( \| sed '.+?')", text)
    piped = f"{command.group(1)} {ROOT / 'requirements.txt'} {command.group(2)}"
    done = subprocess.run(["sh", "-c", piped], capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if line]
    assert "tensorflow==2.21.0" in lines
    assert all("==" in line and "--hash" not in line and "\\" not in line for line in lines)
