"""What the tests behind a balancer share: nodes that may be killed, our HAProxy configuration, and phrases that go through it."""
import contextlib
import json
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request

from service import PATIENCE, ROOT, check, free_port, service, until


class Node:
    """One service at one address, whatever becomes of its process."""

    def __init__(self, programs, work, stack, settings=None):
        self.program, self.work, self.port, self.stack = programs / "referee_service", work, free_port(), stack
        self.settings = {"REFEREE_PORT": str(self.port), "REFEREE_STOP_TIMEOUT": "30", "REFEREE_TRUSTED_PROXIES": "127.0.0.1", **(settings or {})}
        self.work.mkdir()
        self.told_before = ""
        self.start()

    def start(self):
        self.told_before = self.told()
        processes = []
        self.stack.enter_context(service(self.program, self.work, self.settings, processes))
        self.process = processes[0]

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def told(self):
        """In all of its runs."""
        log = self.work / "service.log"
        return self.told_before + (log.read_text() if log.exists() else "")

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as answer:
            return json.load(answer)

    def sessions(self):
        return self.ask("/streaming/stats")["active_sessions"]

    def knows(self, session):
        with contextlib.suppress(urllib.error.HTTPError):
            return self.ask(f"/sessions/{session}")["state"] == "COMPLETE"
        return False


class Balancer:
    """Our configuration with this test's addresses and files."""

    def __init__(self, work, nodes, changes=()):
        self.port, self.work = free_port(), work
        subprocess.run([ROOT / "deploy/make-certificate.sh", work / "tls"], check=True, stdout=subprocess.DEVNULL)
        self.certificate = work / "tls/certificate.pem"
        (work / "piste.pem").write_text(self.certificate.read_text() + (work / "tls/key.pem").read_text())
        text = (ROOT / "deploy/haproxy.cfg").read_text()
        for ours, tests in [("bind :443", f"bind 127.0.0.1:{self.port}"), ("/etc/haproxy/piste.pem", str(work / "piste.pem")),
                            ("/run/haproxy/admin.sock", str(work / "admin.sock")), *changes,
                            *((f"10.0.0.{11 + i}:8080", f"127.0.0.1:{node.port}") for i, node in enumerate(nodes))]:
            check(f"the configuration has {ours}", ours in text)
            text = text.replace(ours, tests)
        (work / "haproxy.cfg").write_text(text)

    @contextlib.contextmanager
    def running(self):
        with open(self.work / "haproxy.log", "w") as log:
            process = subprocess.Popen(["/usr/sbin/haproxy", "-f", self.work / "haproxy.cfg"], stdout=log, stderr=log)
        try:
            until(lambda: process.poll() is not None or self.status("/piste-A/health") == 200, "HAProxy answers")
            check("HAProxy takes the configuration", process.poll() is None, (self.work / "haproxy.log").read_text())
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)

    def status(self, path):
        try:
            context = ssl.create_default_context(cafile=self.certificate)
            with urllib.request.urlopen(f"https://127.0.0.1:{self.port}{path}", context=context, timeout=PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None


class Phrase:
    """A drawn phrase on its way through the balancer, at its own pace."""

    def __init__(self, programs, work, balancer, piste, session="phrase", realtime=True):
        self.result, self.said = work / f"{piste}-{session}.json", work / f"{piste}-{session}.txt"
        with open(self.said, "w") as said:
            self.process = subprocess.Popen(
                [programs / "referee_client_streaming", f"https://127.0.0.1:{balancer.port}/{piste}", "--ca", balancer.certificate,
                 "--video", work / "drawn.mkv", "--signal", work / "drawn.txt", "--session-id", session, "--no-overlay", "--output", self.result,
                 *(["--realtime"] if realtime else [])], stdout=subprocess.DEVNULL, stderr=said)

    def verdict(self):
        code = self.process.wait(timeout=PATIENCE)
        check("the phrase is judged", code == 0, self.said.read_text())
        result = json.loads(self.result.read_text())
        return result["decision"], result["streaming_stats"]["missing_frames"]

    def told(self):
        return self.said.read_text()
