"""Installs Debian packages that are missing or older than pinned."""
import os
import shutil
import subprocess

from errors import SetupError

_APT = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"]


def _installed():
    """{package: version} of what is fully installed."""
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version}\n"],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = (line.split(" ", 2) for line in listing.splitlines())
    return {row[1]: row[2] for row in rows if row[0] == "installed"}


def _at_least(version, minimum):
    return subprocess.run(["dpkg", "--compare-versions", version, "ge", minimum]).returncode == 0


def _lacking(wanted):
    have = _installed()
    return [name for name, pin in wanted.items()
            if name not in have or not _at_least(have[name], pin["min"])]


def _as_root(names):
    """The words to put before a command that needs root."""
    settings = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return settings
    asked = ["sudo", "-n", "true"]
    if shutil.which("sudo") and subprocess.run(asked, stderr=subprocess.DEVNULL).returncode == 0:
        return ["sudo", "-n", *settings]
    raise SetupError(
        "Debian packages are missing, and this user may not install them (not root, and sudo asks "
        "for a password or is missing)",
        "run as root, then run tools/setup/setup.sh again:\n"
        f"  apt-get update && apt-get install -y --no-install-recommends {' '.join(names)}")


def _apt(prefix, words, names):
    result = subprocess.run([*prefix, *_APT, *words], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            errors="replace")
    if result.returncode != 0:
        raise SetupError(
            f"apt-get {words[0]} failed (exit code {result.returncode})",
            "check the package sources in /etc/apt and the network (Tarn is set up on Debian 12, "
            "with the main component and its updates), or install these by hand: "
            + " ".join(names), result.stdout)


def installer(group):
    """The step that installs [debian.GROUP]."""

    def install(pins):
        wanted = pins["debian"][group]
        if not shutil.which("dpkg-query"):
            raise SetupError("there is no dpkg here", "Tarn is set up on Debian 12; elsewhere "
                             "install what [debian] in tools/setup/pins.toml lists, by hand")
        names = _lacking(wanted)
        if not names:
            return f"all {len(wanted)} there"
        prefix = _as_root(names)
        print(f" installing {' '.join(names)} ...", end="", flush=True)
        _apt(prefix, ["update"], names)
        _apt(prefix, ["install", "-y", "--no-install-recommends", *names], names)
        still = _lacking(wanted)
        if still:
            needs = ", ".join(f"{name} >= {wanted[name]['min']}" for name in still)
            raise SetupError(f"apt-get installed too old versions; needed: {needs}",
                             "use Debian 12 with its updates and security sources switched on")
        return f"installed {len(names)}"

    return install
