"""Runs the set-up steps of a profile: what is to be done, how long it took, what failed.

Called by setup.sh. A step is done again when its pins or its recipe changed; what each one last saw
is kept in DEPS/stamps. Two set-ups at the same time wait for each other.
"""
import argparse
import fcntl
import hashlib
import json
import shutil
import sys
import time
import tomllib

import paths
import steps
from errors import SetupError


def _state_of(step, pins):
    """Changes whenever the step has to run again."""
    hasher = hashlib.sha256(f"{step.recipe}\n".encode())
    for section in step.pins:
        value = pins
        for key in section.split("."):
            value = value[key]
        hasher.update(json.dumps(value, sort_keys=True).encode())
    for path in step.inputs:
        hasher.update(path.read_bytes() if path.exists() else b"absent")
    return hasher.hexdigest()


def _run(step, pins):
    """Runs one step unless it is up to date; returns what to print about it."""
    stamp = (step.stamp_dir or paths.STAMPS) / step.name
    state = _state_of(step, pins)
    done = stamp.exists() and stamp.read_text() == state and all(p.exists() for p in step.products)
    if done and not step.always:
        return "up to date"
    outcome = step.run(pins)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)
    return outcome or "done"


def main():
    parser = argparse.ArgumentParser(prog="setup.sh", description="Installs what Tarn needs.")
    parser.add_argument("--profile", choices=steps.PROFILES, default="build")
    profile = parser.parse_args().profile
    pins = tomllib.loads((paths.SETUP / "pins.toml").read_text())

    paths.DEPS.mkdir(parents=True, exist_ok=True)
    print(f"setup: profile {profile}, into {paths.DEPS}", flush=True)
    started = time.monotonic()
    with open(paths.DEPS / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for step in steps.of_profile(profile):
            print(f"  {step.name:<18} {step.title} ...", end="", flush=True)
            begin = time.monotonic()
            try:
                outcome = _run(step, pins)
            except SetupError as error:
                print(f" FAILED after {time.monotonic() - begin:.1f} s\n\n{error}", flush=True)
                return 1
            finally:
                shutil.rmtree(paths.SCRATCH, ignore_errors=True)
            print(f" {outcome} ({time.monotonic() - begin:.1f} s)", flush=True)
    print(f"setup: complete in {time.monotonic() - started:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
