"""The set-up: committed files, locks, the Makefile, and a script that says in one sentence what is wrong."""

import re
import shutil
import stat
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
BASE: list[str] = PYPROJECT["project"]["dependencies"]
LOCKED = {
    "kiosk": BASE + EXTRAS["kiosk"],
    "register": BASE + EXTRAS["register"],
    "dev": BASE + list(chain.from_iterable(EXTRAS.values())),
}

# In pieces, so that this file passes its own test.
REGISTRY_HOSTS = [
    r"py" r"pi\.(org|python\.org)",
    r"python" r"hosted\.org",
    r"deb" r"ian\.org",
    r"raspberry" r"pi\.(org|com)/(debian|raspbian)",
    r"npm" r"js\.(org|com)",
]
MACHINE_PATHS = [r"/wo" r"rk/", r"/ho" r"me/[a-z]", r"/ro" r"ot/", r"/Us" r"ers/", r"/op" r"t/(pypi|wheels)"]


def committed_files() -> list[Path]:
    """The files that are or would be committed, except those with a NUL, such as pictures and fonts."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no telling what would be committed")
    names = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    paths = [ROOT / name for name in names if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()]


@pytest.mark.parametrize("pattern", REGISTRY_HOSTS + MACHINE_PATHS)
def test_no_committed_file_names_a_registry_host_or_a_path_of_one_machine(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == []


# --- Locks ---------------------------------------------------------------------------------------


def packages_of_lock(name: str) -> dict[str, tuple[str, bool]]:
    """Each package of a lock: its version, and whether it has a hash."""
    text = (ROOT / "locks" / f"{name}.txt").read_text("utf-8")
    requirements = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    packages: dict[str, tuple[str, bool]] = {}
    for requirement in requirements:
        match = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", requirement)
        assert match, f"locks/{name}.txt: not one locked version: {requirement.splitlines()[0]}"
        packages[canonicalize_name(match[1])] = (match[2], "--hash=sha256:" in requirement)
    return packages


@pytest.mark.parametrize("name", LOCKED)
def test_every_locked_package_has_a_hash(name: str) -> None:
    assert [package for package, (_, hashed) in packages_of_lock(name).items() if not hashed] == []


@pytest.mark.parametrize("name", LOCKED)
def test_a_lock_has_every_package_of_the_project_in_an_allowed_version(name: str) -> None:
    packages = packages_of_lock(name)
    for requirement in map(Requirement, LOCKED[name]):
        version = packages.get(canonicalize_name(requirement.name), ("none",))[0]
        assert version != "none", f"{requirement.name} is not in locks/{name}.txt; run make lock"
        assert requirement.specifier.contains(version), (
            f"{requirement} but {version} is locked; run make lock"
        )


@pytest.mark.parametrize("name", ["kiosk", "register"])
def test_kiosk_and_register_lock_the_versions_that_are_tested(name: str) -> None:
    tested = packages_of_lock("dev")
    assert {package: tested.get(package) for package in packages_of_lock(name)} == packages_of_lock(name)


# --- The contract --------------------------------------------------------------------------------


def test_the_rules_contract_forbids_every_package_but_pydantic() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    forbidden = next(c for c in contracts if c["id"] == "attendance")["forbidden_modules"]
    expected_packages = {
        canonicalize_name(Requirement(line).name) for line in BASE + EXTRAS["kiosk"] + EXTRAS["register"]
    } - {"pydantic"}
    modules = {
        module
        for module, owners in packages_distributions().items()
        if expected_packages & {canonicalize_name(owner) for owner in owners} and not module.startswith("_")
    }
    assert sorted(modules - set(forbidden)) == []


# --- The Makefile --------------------------------------------------------------------------------

TARGETS = ("setup", "demo", "test", "lint", "bench", "screens", "lock", "clean")


def recipe(target: str, *variables: str) -> list[str]:
    """The commands of a target, without running them."""
    printed = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", target, *variables],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [command.strip() for command in printed.splitlines()]


@pytest.mark.parametrize("target", TARGETS)
def test_make_has_the_target(target: str) -> None:
    assert recipe(target)


@pytest.mark.parametrize(("target", "part"), [("demo", "demo"), ("test", "test"), ("setup", "demo test")])
def test_a_target_does_its_own_set_up_first(target: str, part: str) -> None:
    assert recipe(target)[0] == f"deploy/setup.sh {part}"


def test_make_passes_on_the_demos_clock_and_the_tests_arguments() -> None:
    assert recipe("demo", "AT=2026-11-24T09:14")[-1].endswith("latebook demo --at 2026-11-24T09:14")
    assert recipe("demo")[-1].endswith("latebook demo")
    assert recipe("test", "ARGS=-k journal")[-1].endswith(" -k journal")


def test_a_run_that_collects_no_test_fails(tmp_path: Path) -> None:
    """`make test` and .ci/run end with pytest's own status: 5 if there was nothing to run."""
    result = subprocess.run([sys.executable, "-m", "pytest", str(tmp_path)], cwd=tmp_path, check=False)
    assert result.returncode == 5


# --- The script ----------------------------------------------------------------------------------

TOOLS = (
    "bash",
    "cat",
    "chmod",
    "cp",
    "dirname",
    "env",
    "flock",
    "grep",
    "head",
    "mkdir",
    "mv",
    "rm",
    "sha256sum",
    "tail",
)

FAKE_PYTHON = """
case "$*" in
    *version_info*) exit $FAKE_PYTHON_TOO_OLD ;;
    -V) echo "Python 3.9.2" ;;
    *ensurepip*) ;;
    "-m venv --clear .venv") rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    *"-m pip install"*)
        all="$*"; echo "pip ${all##*--retries 2 }" >>calls
        if [ -n "$FAKE_PIP_SAYS" ]; then echo "$FAKE_PIP_SAYS" >&2; exit 1; fi ;;
    *sys.version*) echo "python $FAKE_VERSION" ;;
    *) echo "not expected: $*" >&2; exit 9 ;;
esac
"""
FAKE_LOCALEDEF = """
if [ "$*" = --version ]; then echo "localedef $FAKE_C_LIBRARY"; echo "more words"; exit; fi
echo "localedef $*" >>calls
mkdir "$5"; echo "$2" >"$5/LC_TIME"
if [ -n "$FAKE_LOCALEDEF_SAYS" ]; then echo "$FAKE_LOCALEDEF_SAYS" >&2; exit 4; fi
"""
FAKE_DPKG_QUERY = """
for package in $FAKE_INSTALLED; do printf '%s=installed ' "$package"; done
"""
FAKE_APT_GET = """
all="$*"; echo "apt-get ${all#* -qq }" >>calls
if [ -n "$FAKE_APT_SAYS" ]; then echo "$FAKE_APT_SAYS" >&2; exit 100; fi
"""
ALL_INSTALLED = (
    "xvfb xdotool libgl1 libgl1-mesa-dri libegl1 libgles2 libmtdev1t64 libxrender1 libusb-1.0-0 libfribidi0"
    " chromium postgresql locales openbox"
)


class Machine:
    """A tree with the set-up script, and a PATH with only the programs that a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "latebook"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in ("deploy/setup.sh", "locks/dev.txt", "pyproject.toml"):
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, f"{tool} is not here"
            (self.bin / tool).symlink_to(found)
        self.fake("python3", FAKE_PYTHON)
        self.fake("dpkg-query", FAKE_DPKG_QUERY)
        self.fake("apt-get", FAKE_APT_GET)
        self.fake("localedef", FAKE_LOCALEDEF)
        self.fake("id", "echo $FAKE_UID")
        self.environment = {
            "PATH": str(self.bin),
            "FAKE_PYTHON_TOO_OLD": "0",
            "FAKE_VERSION": "3.11.2",
            "FAKE_INSTALLED": ALL_INSTALLED,
            "FAKE_UID": "0",
            "FAKE_APT_SAYS": "",
            "FAKE_PIP_SAYS": "",
            "FAKE_C_LIBRARY": "2.36",
            "FAKE_LOCALEDEF_SAYS": "",
        }

    def fake(self, command: str, script: str) -> None:
        path = self.bin / command
        path.write_text(f"#!{self.bin}/bash\n{script}", "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def without(self, command: str) -> None:
        (self.bin / command).unlink()

    def setup(self, *parts: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script; `calls` are those of this run alone."""
        (self.tree / "calls").unlink(missing_ok=True)
        return subprocess.run(
            [self.bin / "bash", self.tree / "deploy/setup.sh", *parts],
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def error_from(self, *parts: str, **environment: str) -> str:
        """The script's one-sentence error."""
        result = self.setup(*parts, **environment)
        assert result.returncode == 1, result.stderr
        sentences = result.stderr.splitlines()
        assert len(sentences) == 1, result.stderr
        return sentences[0]

    @property
    def calls(self) -> list[str]:
        path = self.tree / "calls"
        return path.read_text("utf-8").splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_only_missing_packages_are_installed(machine: Machine) -> None:
    installed = ALL_INSTALLED.replace("xdotool ", "").replace(" chromium postgresql locales openbox", "")
    assert machine.setup("test", FAKE_INSTALLED=installed).returncode == 0
    assert machine.calls[:2] == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends xdotool chromium postgresql locales openbox",
    ]


def test_the_demo_needs_no_browser(machine: Machine) -> None:
    assert machine.setup("demo", FAKE_INSTALLED="").returncode == 0
    assert "xvfb" in machine.calls[1]
    assert "chromium" not in machine.calls[1]
    assert not (machine.tree / ".cache/locale").exists()


def test_python_packages_are_installed_by_hash_from_wheels_alone(machine: Machine) -> None:
    assert machine.setup("demo").returncode == 0
    assert machine.calls == [
        "pip --require-hashes --only-binary :all: -r locks/dev.txt",
        "pip --no-deps --no-build-isolation -e .",
    ]


def test_a_second_run_uses_neither_apt_nor_pip(machine: Machine) -> None:
    machine.setup()
    machine.without("apt-get")
    result = machine.setup()
    assert (result.returncode, result.stdout, result.stderr, machine.calls) == (0, "", "", [])


def made_locales(machine: Machine) -> dict[str, str]:
    """Each complete locale, and what it was made from."""
    folder = machine.tree / ".cache/locale"
    return {
        path.name: (path / "LC_TIME").read_text("utf-8").strip()
        for path in folder.iterdir()
        if path.is_dir() and path.name != "part"
    }


def test_the_tests_locales_are_made_in_a_folder_of_the_project_without_root(machine: Machine) -> None:
    assert machine.setup("test", FAKE_UID="1000").returncode == 0
    assert made_locales(machine) == {f"{name}.UTF-8": name for name in ("tr_TR", "de_DE", "ar_EG")}
    assert "localedef -i tr_TR -f UTF-8 .cache/locale/part" in machine.calls


def test_only_a_missing_locale_is_made(machine: Machine) -> None:
    machine.setup("test")
    shutil.rmtree(machine.tree / ".cache/locale/de_DE.UTF-8")
    assert machine.setup("test").returncode == 0
    assert machine.calls == ["localedef -i de_DE -f UTF-8 .cache/locale/part"]


def test_locales_of_another_c_library_are_made_again(machine: Machine) -> None:
    machine.setup("test")
    assert machine.setup("test", FAKE_C_LIBRARY="2.41").returncode == 0
    assert len(machine.calls) == 3


def test_a_half_made_locale_is_made_again(machine: Machine) -> None:
    sentence = machine.error_from("test", FAKE_LOCALEDEF_SAYS="cannot open locale definition file")
    assert sentence.startswith("setup: localedef could not make the locale tr_TR.UTF-8 in .cache/locale; ")
    assert ".cache/setup.log" in sentence
    assert made_locales(machine) == {}
    assert machine.setup("test").returncode == 0
    assert len(made_locales(machine)) == 3


def test_no_localedef_is_reported_in_one_sentence(machine: Machine) -> None:
    machine.without("localedef")
    assert "no localedef here" in machine.error_from("test")
    assert machine.setup("demo").returncode == 0


def test_a_changed_lock_makes_the_venv_again(machine: Machine) -> None:
    machine.setup("demo")
    with (machine.tree / "locks/dev.txt").open("a") as lock:
        lock.write("# newer\n")
    machine.setup("demo")
    assert len(machine.calls) == 2


def test_a_changed_pyproject_installs_the_project_alone_again(machine: Machine) -> None:
    machine.setup("demo")
    with (machine.tree / "pyproject.toml").open("a") as pyproject:
        pyproject.write("# newer\n")
    machine.setup("demo")
    assert machine.calls == ["pip --no-deps --no-build-isolation -e ."]
    machine.setup("demo")
    assert machine.calls == []


def test_a_half_made_venv_is_made_again(machine: Machine) -> None:
    machine.error_from("demo", FAKE_PIP_SAYS="disk full")
    leftover = machine.tree / ".venv/half-made"
    leftover.touch()
    assert machine.setup("demo").returncode == 0
    assert not leftover.exists()


def test_a_venv_of_another_python_is_made_again(machine: Machine) -> None:
    machine.setup("demo")
    assert machine.setup("demo", FAKE_VERSION="3.13.5").returncode == 0
    assert len(machine.calls) == 2


def test_a_venv_that_was_moved_is_made_again(machine: Machine) -> None:
    machine.setup("demo")
    machine.tree = machine.tree.rename(machine.tree.parent / "elsewhere")
    assert machine.setup("demo").returncode == 0
    assert len(machine.calls) == 2


def test_a_python_that_is_too_old_is_reported_in_one_sentence(machine: Machine) -> None:
    sentence = machine.error_from(FAKE_PYTHON_TOO_OLD="1")
    assert "Python 3.9.2" in sentence
    assert "3.11 or newer" in sentence
    assert machine.calls == []


def test_no_python_is_reported_in_one_sentence(machine: Machine) -> None:
    machine.without("python3")
    assert "no python3 here; install Python 3.11 or newer" in machine.error_from()


def test_no_apt_is_reported_in_one_sentence_that_names_what_is_missing(machine: Machine) -> None:
    machine.without("apt-get")
    machine.without("dpkg-query")
    sentence = machine.error_from("demo")
    assert "no apt-get here" in sentence
    assert "xvfb xdotool libgl1" in sentence


def test_no_sudo_is_reported_in_one_sentence_with_the_command_to_run_as_root(machine: Machine) -> None:
    sentence = machine.error_from("demo", FAKE_UID="1000", FAKE_INSTALLED="")
    assert "no sudo here" in sentence
    assert "as root: apt-get install xvfb" in sentence


def test_packages_are_installed_through_sudo_by_others_than_root(machine: Machine) -> None:
    machine.fake("sudo", 'echo "sudo" >>calls; exec "$@"')
    assert machine.setup("demo", FAKE_UID="1000", FAKE_INSTALLED="").returncode == 0
    assert machine.calls[:2] == ["sudo", "apt-get update"]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("E: Temporary failure resolving 'mirror'", "apt could not reach its packages; is there a network?"),
        ("E: dpkg was interrupted", "apt could not install the missing packages"),
    ],
)
def test_apt_failing_is_one_sentence_that_names_its_log(
    machine: Machine, message: str, sentence: str
) -> None:
    refusal = machine.error_from("demo", FAKE_INSTALLED="", FAKE_APT_SAYS=message)
    assert sentence in refusal
    assert ".cache/setup.log" in refusal
    assert message in (machine.tree / ".cache/setup.log").read_text("utf-8")


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("WARNING: NewConnectionError: Temporary failure in name resolution", "is there a network?"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES",
            "pip could not install the packages of locks/dev.txt",
        ),
    ],
)
def test_pip_failing_is_one_sentence_that_names_its_log(
    machine: Machine, message: str, sentence: str
) -> None:
    refusal = machine.error_from("demo", FAKE_PIP_SAYS=message)
    assert sentence in refusal
    assert ".cache/setup.log" in refusal
    assert message in (machine.tree / ".cache/setup.log").read_text("utf-8")


def test_an_unknown_part_is_reported_in_one_sentence(machine: Machine) -> None:
    assert machine.error_from("kiosk").endswith(
        "there is no part 'kiosk'; the parts are python, demo and test"
    )
