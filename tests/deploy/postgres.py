"""A PostgreSQL of a test's own: in a folder of it, by a user that may run one, ended by its process's number."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time

from service import PATIENCE, free_port, skip

NOBODY = 65534  # where the test is root's, who may not run it


class Postgres:
    def __init__(self, work):
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        if not found:
            skip("postgresql is not installed (tools/packages.sh)")
        self.programs, self.work, self.port = found[-1], work, free_port()
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        work.mkdir()
        if self.user:
            work.parent.chmod(0o711)
            os.chown(work, NOBODY, NOBODY)
        self.run("initdb", "-D", "data", "-U", "piste", "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8")
        self.process = None
        self.start()

    @property
    def url(self):
        return f"postgresql://piste@127.0.0.1:{self.port}/postgres"

    def run(self, program, *arguments):
        done = subprocess.run([self.programs / program, *arguments], cwd=self.work, capture_output=True, text=True, **self.user)
        if done.returncode:
            raise AssertionError(f"{program}: {done.stderr}")
        return done.stdout.strip()

    def start(self):
        """Again, until it is up: after a kill its old backends take their time to notice."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with open(self.work / "log", "a") as log:
                self.process = subprocess.Popen(
                    [self.programs / "postgres", "-D", "data", "-h", "127.0.0.1", "-p", str(self.port), "-k", self.work, "-c", "fsync=off",
                     "-c", "shared_buffers=16MB", "-c", "max_connections=40"], cwd=self.work, stdout=log, stderr=log, **self.user)
            while self.process.poll() is None:
                with contextlib.suppress(AssertionError):
                    self.ask("select 1")
                    return
                time.sleep(0.05)
            time.sleep(0.2)
        raise AssertionError((self.work / "log").read_text())

    def ask(self, statement):
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U", "piste",
                        "-d", "postgres", "-c", statement)

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    @contextlib.contextmanager
    def hanging(self):
        """Its connections stay open, and nothing is answered."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        every = [self.process.pid, *map(int, children)]
        for pid in every:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in every:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=PATIENCE)


@contextlib.contextmanager
def postgres(work):
    one = Postgres(work)
    try:
        yield one
    finally:
        one.stop()
