"""deploy/haproxy.cfg with a real HAProxy and two services: a piste's node is killed and comes back, hangs, is stopped in order,
and is gone for good while a phrase is streamed. Each phrase gets the decision of an undisturbed one."""
import contextlib
import json
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

from service import ROOT, check, folder, free_port, need, service

PATIENCE = 60  # s


class Node:
    """One service at one address, whatever becomes of its process."""

    def __init__(self, programs, work, stack):
        self.program, self.work, self.port, self.stack = programs / "referee_service", work, free_port(), stack
        self.work.mkdir()
        self.start()

    def start(self):
        processes = []
        self.stack.enter_context(service(self.program, self.work, {
            "REFEREE_PORT": str(self.port), "REFEREE_STOP_TIMEOUT": "30", "REFEREE_TRUSTED_PROXIES": "127.0.0.1"}, processes))
        self.process = processes[0]

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=10)

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.load(answer)

    def sessions(self):
        return self.ask("/streaming/stats")["active_sessions"]

    def knows(self, session):
        with contextlib.suppress(urllib.error.HTTPError):
            return self.ask(f"/sessions/{session}")["state"] == "COMPLETE"
        return False


class Balancer:
    """Our configuration with this test's addresses and files."""

    def __init__(self, work, nodes):
        self.port, self.work = free_port(), work
        subprocess.run([ROOT / "deploy/make-certificate.sh", work / "tls"], check=True, stdout=subprocess.DEVNULL)
        self.certificate = work / "tls/certificate.pem"
        (work / "piste.pem").write_text(self.certificate.read_text() + (work / "tls/key.pem").read_text())
        text = (ROOT / "deploy/haproxy.cfg").read_text()
        for ours, tests in [("bind :443", f"bind 127.0.0.1:{self.port}"), ("/etc/haproxy/piste.pem", str(work / "piste.pem")),
                            ("/run/haproxy/admin.sock", str(work / "admin.sock")), ("10.0.0.11:8080", f"127.0.0.1:{nodes[0].port}"),
                            ("10.0.0.12:8080", f"127.0.0.1:{nodes[1].port}")]:
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
            process.wait(timeout=30)

    def status(self, path):
        try:
            context = ssl.create_default_context(cafile=self.certificate)
            with urllib.request.urlopen(f"https://127.0.0.1:{self.port}{path}", context=context, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None


def until(met, what):
    end = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > end:
            raise AssertionError(f"not in time: {what}")
        time.sleep(0.05)


class Phrase:
    """A drawn phrase on its way through the balancer, at its own pace."""

    def __init__(self, programs, work, balancer, piste, session="phrase", realtime=True):
        self.result, self.said = work / f"{piste}-{session}.json", work / f"{piste}-{session}.txt"
        with open(self.said, "w") as said:
            self.process = subprocess.Popen(
                [programs / "referee_client_streaming", f"https://127.0.0.1:{balancer.port}/{piste}", "--ca", balancer.certificate,
                 "--video", work / "drawn.mkv", "--signal", work / "drawn.txt", "--session-id", session, "--output", self.result,
                 *(["--realtime"] if realtime else [])], stdout=subprocess.DEVNULL, stderr=said)

    def verdict(self):
        code = self.process.wait(timeout=PATIENCE)
        check("the phrase is judged", code == 0, self.said.read_text())
        result = json.loads(self.result.read_text())
        return result["decision"], result["streaming_stats"]["missing_frames"]

    def told(self):
        return self.said.read_text()


def draw(programs, work):
    subprocess.run([programs / "referee", "render", ROOT / "samples/attack-from-right.json", "--out", work / "drawn.mkv", "--width",
                    "640", "--height", "360", "--fps", "15"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.copy(ROOT / "samples/attack-from-right.txt", work / "drawn.txt")


def run(programs, work):
    with contextlib.ExitStack() as stack:
        draw(programs, work)
        nodes = [Node(programs, work / f"node{i}", stack) for i in (1, 2)]
        balancer = Balancer(work, nodes)
        stack.enter_context(balancer.running())
        check("nobody outside sees the metrics", balancer.status("/piste-A/metrics") == 403)
        undisturbed = Phrase(programs, work, balancer, "piste-0", realtime=False).verdict()

        def disturbed(what, piste, disturb, says, silent=""):
            phrase = Phrase(programs, work, balancer, piste)
            until(lambda: any(node.sessions() for node in nodes), "the session begins")
            mine, other = sorted(nodes, key=lambda node: -node.sessions())
            time.sleep(1)
            disturb(mine, other)
            check(f"{what}: the undisturbed decision, no frame missing", phrase.verdict() == undisturbed, phrase.told())
            check(f"{what}: is told so", says in phrase.told() and not (silent and silent in phrase.told()), phrase.told())
            return mine, other

        def killed(mine, _):
            mine.kill()
            mine.start()
        disturbed("killed and back", "piste-A", killed, "the session goes on")

        def hangs(mine, _):
            mine.process.send_signal(signal.SIGSTOP)
            time.sleep(2)
            mine.process.send_signal(signal.SIGCONT)
        disturbed("hangs", "piste-B", hangs, "acknowledged", "connection lost")

        def stopped(mine, other):
            mine.process.send_signal(signal.SIGTERM)
            time.sleep(1.2)
            Phrase(programs, work, balancer, "piste-C", session="meanwhile", realtime=False).verdict()
            check("what the piste begins meanwhile is another node's", other.knows("meanwhile"))
        mine, _ = disturbed("stopped in order", "piste-C", stopped, "acknowledged", "connection lost")
        check("the node that was stopped has ended", mine.process.wait(timeout=30) == 0)
        mine.start()

        def gone(mine, _):
            mine.kill()
            shutil.rmtree(mine.work / "phrases")
        disturbed("gone for good", "piste-D", gone, "begins anew")


need("haproxy", "openssl")
with folder() as scratch:
    started = time.monotonic()
    run(pathlib.Path(sys.argv[1]), scratch)
    print(f"{time.monotonic() - started:.0f} s")
