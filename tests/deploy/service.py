"""What the tests of this folder share: the service as a process, free ports, and leaving with a reason."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
PATIENCE = 60  # s


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def need(*programs):
    paths = [os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]
    for program in programs:
        if not shutil.which(program, path=":".join(paths)):
            skip(f"{program} is not installed (tools/packages.sh)")


def free_port():
    with contextlib.closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextlib.contextmanager
def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="piste-deploy-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def service(binary, output, settings=None, processes=None):
    """Yields (port, log file). The process, which a list gets, is ended as an operator would end it."""
    log = output / "service.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REFEREE_")}
    environment.update({"REFEREE_HOST": "127.0.0.1", "REFEREE_PORT": "0", "REFEREE_OUTPUT_DIR": str(output / "phrases"),
                        "REFEREE_STOP_TIMEOUT": "1", "REFEREE_MODELS_DIR": str(ROOT / "models"), "REFEREE_MIN_FREE_DISK_MB": "0", **(settings or {})})
    with open(log, "w") as errors:
        process = subprocess.Popen([binary], env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
    if processes is not None:
        processes.append(process)
    try:
        line = process.stdout.readline()
        found = re.match(r"Listening on https?://.*:(\d+)", line)
        if not found:
            raise RuntimeError(f"the service did not start: {line}{log.read_text()}")
        yield int(found.group(1)), log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def clean_film(work):
    """The one film without drawings, made in its own time after the verdict where the pictures came as JPEG."""
    until(lambda: list((work / "phrases").rglob("clean.mp4")), "the film without drawings is made")
    made = list((work / "phrases").rglob("clean.mp4"))
    check("the one film without drawings is there", len(made) == 1, made)
    return made[0]


def until(met, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not met():
        if time.monotonic() > end:
            raise AssertionError(f"not in time: {what}")
        time.sleep(0.05)


def check(what, condition, shown=""):
    if not condition:
        raise AssertionError(f"{what}: {shown}")
    print(f"ok: {what}")


def draw(programs, work, fps=15):
    """A short film of a phrase, and its log: drawn.mkv and drawn.txt."""
    subprocess.run([programs / "referee", "render", ROOT / "samples/attack-from-right.json", "--out", work / "drawn.mkv", "--width",
                    "640", "--height", "360", "--fps", str(fps)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.copy(ROOT / "samples/attack-from-right.txt", work / "drawn.txt")


def downloaded(file, patience=PATIENCE):
    """A file that a browser saves, once it is there."""
    until(file.exists, f"{file.name} is saved", patience)
    return file
