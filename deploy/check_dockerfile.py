#!/usr/bin/env python3
"""Follows deploy/Dockerfile in clean Debian roots, for machines where no container engine runs.

usage: deploy/check_dockerfile.py [DIR]

Each stage begins as a fresh Debian 12 under DIR (a temporary folder; about 4 GB); COPY and RUN do there what they say.
Then the image's entry point is run as its user until its health check passes, and is stopped with its stop signal.
Needs root, debootstrap and a Debian mirror; an instruction that this does not know is an error.
"""

import fnmatch
import json
import pathlib
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
AUTHORITIES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


class Stage:
    """One FROM and what follows it."""

    def __init__(self, root):
        self.root = root
        self.workdir = pathlib.PurePosixPath("/")
        self.user = "root"
        self.environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                            "HOME": "/root"}  # as engines set it
        self.settings = {}  # instruction -> its text, of those that say how the image is run

    def path(self, inside):
        return self.root / str(self.workdir / inside).lstrip("/")

    def start(self, command, **more_environment):
        return subprocess.Popen(["chroot", f"--userspec={self.user}", self.root, *command],
                                env={**self.environment, **more_environment})

    def run(self, text, **more_environment):
        script = f"cd {shlex.quote(str(self.workdir))} && {text}"
        return self.start(["/bin/sh", "-c", script], **more_environment).wait()


def instructions(dockerfile):
    """(instruction, text) of each, continued lines joined."""
    lines = [line for line in dockerfile.read_text().splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", "").splitlines():
        if line.strip():
            yield tuple(line.split(None, 1))


def copy_context(destination):
    ignored = (PROJECT / ".dockerignore").read_text().split()
    destination.mkdir(parents=True, exist_ok=True)
    for entry in PROJECT.iterdir():
        if not any(fnmatch.fnmatch(entry.name, pattern) for pattern in ignored):
            subprocess.run(["cp", "-a", "--no-preserve=ownership", entry, destination], check=True)


def copy(stages, stage, text):
    source, destination = text.split()[-2:]
    if not text.startswith("--from="):
        if source != ".":
            sys.exit(f"COPY {text}: only the whole context is known here")
        return copy_context(stage.path(destination))
    origin = stages[text.split()[0].removeprefix("--from=")]
    found = list(origin.root.glob(source.lstrip("/")))
    if not found:
        sys.exit(f"COPY {text}: there is no such file")
    for file in found:
        shutil.copy(file, stage.path(destination))


def begin(base, folder, number):
    root = folder / f"stage{number}"
    if root.exists():
        sys.exit(f"{root} is there already: remove it, or name another folder")
    subprocess.run(["cp", "-a", base, root], check=True)
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    # Where a proxy answers for the registries, the machine knows its authority and a fresh Debian does not.
    if AUTHORITIES.exists():
        shutil.copy(AUTHORITIES, root / "machine-authorities.crt")
    return Stage(root)


def follow(dockerfile, base, folder, stages):
    stage = None
    for instruction, text in instructions(dockerfile):
        print(f"==> {instruction} {text}", flush=True)
        if instruction == "FROM":
            name = text.split(" AS ")[-1] if " AS " in text else "last"
            stage = stages[name] = begin(base, folder, len(stages))
        elif instruction == "WORKDIR":
            stage.workdir /= text
            stage.path(".").mkdir(parents=True, exist_ok=True)
        elif instruction == "COPY":
            copy(stages, stage, text)
        elif instruction == "RUN":
            if stage.run(text, DEBIAN_FRONTEND="noninteractive", NODE_EXTRA_CA_CERTS="/machine-authorities.crt"):
                sys.exit(f"failed: RUN {text}")
        elif instruction == "ENV":
            stage.environment.update(pair.split("=", 1) for pair in shlex.split(text))
        elif instruction == "USER":
            stage.user = text
        elif instruction == "VOLUME":
            if not stage.path(text).is_dir():
                sys.exit(f"VOLUME {text}: the image has no such folder for its user to write to")
        elif instruction in ("EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT"):
            stage.settings[instruction] = text
        else:
            sys.exit(f"{instruction} is not known here")
    return stage


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def run_image(stage):
    """As `docker run -e REFEREE_PORT=...` would: healthy within the start period, and stopped by its signal."""
    port = free_port()
    options, check = stage.settings["HEALTHCHECK"].split("CMD ", 1)
    patience = int(options.split("--start-period=")[1].split("s")[0])
    service = stage.start(json.loads(stage.settings["ENTRYPOINT"]), REFEREE_PORT=port)
    try:
        until = time.monotonic() + patience
        while stage.run(check, REFEREE_PORT=port) != 0:
            if service.poll() is not None or time.monotonic() > until:
                sys.exit("the image did not become healthy")
            time.sleep(0.5)
        print()
        if stage.run("test -w /var/lib/piste && ! test -w /usr/bin") != 0:
            sys.exit(f"{stage.user} must be able to write to the volume and to nothing else")
    finally:
        service.send_signal(getattr(signal, stage.settings["STOPSIGNAL"]))
        code = service.wait(timeout=30)
    if code != 0:
        sys.exit(f"stopped with exit code {code}")


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / "base"
    if not (base / "etc/debian_version").exists():
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", base], check=True, stdout=subprocess.DEVNULL)
    stages = {}
    try:
        run_image(follow(PROJECT / "deploy/Dockerfile", base, folder, stages))
        print("the Dockerfile's image builds, becomes healthy and stops")
    finally:
        for stage in stages.values():
            subprocess.run(["umount", stage.root / "proc"], check=True)
            shutil.rmtree(stage.root)


if __name__ == "__main__":
    main()
