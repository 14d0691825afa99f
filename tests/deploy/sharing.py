"""Nodes that share the uploads to be judged, with a real PostgreSQL and an S3 server that believes nobody."""
import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

from balancer import Node
from postgres import postgres
from service import PATIENCE, ROOT, check, draw, until

ACCESS, SECRET = "AKIATESTS", "secret/with+odd=characters"
TAKEN = "an upload that the nodes share, to be judged here"


class Store:
    """tests/support/s3_server.py."""

    def __init__(self, work, stack):
        self.process = subprocess.Popen([sys.executable, ROOT / "tests/support/s3_server.py", ACCESS, SECRET], stdout=subprocess.PIPE, text=True)
        stack.callback(self.process.kill)
        self.port, self.door = map(int, self.process.stdout.readline().split())
        self.keys = work / "keys"
        self.write(self.keys, SECRET)

    @staticmethod
    def write(file, secret):
        file.write_text(f"[default]\naws_access_key_id = {ACCESS}\naws_secret_access_key = {secret}\n")
        file.chmod(0o600)

    @property
    def settings(self):
        return {"REFEREE_S3": f"http://127.0.0.1:{self.port}/bucket", "REFEREE_S3_CREDENTIALS": str(self.keys)}

    def at_door(self, path, data=None):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.door}{path}", data=data, timeout=PATIENCE) as answer:
            return answer.read()

    def names(self, session):
        """Of the files of this upload that are there."""
        return {key.rsplit("/", 1)[1] for key in json.loads(self.at_door("/objects")) if f"/{session.removeprefix('upload-')}/" in key}

    def has_been_sent(self, session, name):
        """Whether this file was brought there, whatever became of it."""
        return any(asked.startswith("PUT ") and f"/{session.removeprefix('upload-')}/{name}" in asked for asked in json.loads(self.at_door("/asked")))

    def fetches(self, session):
        """How often a node has begun to fetch this upload."""
        return sum(asked.startswith("GET ") and f"/{session.removeprefix('upload-')}/manifest.json" in asked for asked in json.loads(self.at_door("/asked")))

    def hold(self, times):
        """Whoever fetches one next does not get it: it can be killed while it certainly has not finished."""
        self.at_door(f"/fail?how=silent&times={times}&method=GET", b"")


class Losing:
    """Between a node and the database: the first answer that gives the node an upload is lost, and its connection with it."""

    def __init__(self, database, stack):
        self.database, self.lost = database, False
        self.listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.url = f"postgresql://piste@127.0.0.1:{self.listening.getsockname()[1]}/postgres"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                node, asked = self.listening.accept()[0], []
                database = socket.create_connection(("127.0.0.1", self.database.port))
                threading.Thread(target=self.bring, args=(node, database, asked.append), daemon=True).start()
                threading.Thread(target=self.bring, args=(database, node, lambda answer, asked=asked: self.lose(asked, answer)), daemon=True).start()

    def lose(self, asked, answer):
        if not self.lost and b"skip locked" in asked[-1] and b"upload-" in answer:
            self.lost = True
            raise OSError

    @staticmethod
    def bring(here, there, seen):
        with contextlib.suppress(OSError):
            while data := here.recv(65536):
                seen(data)
                there.sendall(data)
        for end in (here, there):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Service(Node):
    def asked(self, path, method="GET"):
        """(status, body)"""
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method), timeout=PATIENCE) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def send(self, video, log):
        parts = [(b"video", b"v.mkv", video), (b"signal", b"s.txt", log)]
        form = b"".join(b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % part for part in parts)
        form += b'--b\r\nContent-Disposition: form-data; name="save_overlay"\r\n\r\nno\r\n--b--\r\n'
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/analyze", data=form, headers={
            "Content-Type": "multipart/form-data; boundary=b", "Prefer": "respond-async"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            told = json.load(answer)
            check("it is told who keeps it", answer.status == 202 and told["kept_by"] == "node", told)
            return told["session_id"]

    def state(self, session):
        return self.asked(f"/sessions/{session}")[1]

    def result(self, session):
        return self.asked(f"/sessions/{session}/result")

    def folder(self, session):
        return self.work / "phrases" / session.removeprefix("upload-")

    def knows(self, session):
        """Whether there is such a phrase, by its state or in its list."""
        return self.asked(f"/sessions/{session}")[0] != 404 or session in {one["id"] for one in self.asked("/sessions")[1]["sessions"]}

    def has_taken(self, session):
        return len(re.findall(f"{re.escape(session)}.*{TAKEN}", self.told()))


class Cluster:
    def __init__(self, programs, work, stack):
        self.programs, self.work, self.stack = programs, work, stack
        self.database = stack.enter_context(postgres(work / "database"))
        self.store = Store(work, stack)
        self.a, self.b = (self.node(name) for name in "ab")
        draw(programs, work, fps=10)
        self.video, self.log = (work / "drawn.mkv").read_bytes(), (work / "drawn.txt").read_bytes()

    @property
    def nodes(self):
        return self.a, self.b

    def node(self, name, **settings):
        return Service(self.programs, self.work / name, self.stack, {"REFEREE_CLUSTER": self.database.url, "REFEREE_NODE_ID": name,
                                                                     "REFEREE_WORKERS": "1", **self.store.settings, **settings})

    def send(self, node):
        return node.send(self.video, self.log)

    def judge_of(self, session):
        """The node that has its result on its disk, and the other one."""
        return sorted(self.nodes, key=lambda node: not (node.folder(session) / "analysis_result.json").exists())

    def holder(self, session):
        """The node that judges it."""
        name = self.database.ask("select n.id from piste.job j join piste.node n on n.boot = j.boot and n.heard > now() - interval '3 s' "
                                 f"where j.id = '{session}' and j.attempts > 0")
        return {"a": self.a, "b": self.b}.get(name)

    def wait_for_fetching(self, session, times):
        until(lambda: self.store.fetches(session) == times and self.holder(session), "a node takes it")
        return self.holder(session)

    def is_stored(self, session):
        """All that came of it, not only its film and log, which were there before."""
        return any(f"stored: {session.removeprefix('upload-')}," in node.told() for node in self.nodes)

    def wait_for_result(self, session):
        for node in self.nodes:
            until(lambda: node.result(session)[0] not in (202, 404), "it is over")
        return self.a.result(session)
