"""Uploads that are judged later, with a real PostgreSQL and an S3 server that believes nobody: any node takes them, no two take one, and what
becomes of one whose node is killed, of one that ends each service, and of one that cannot be given to the others."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from balancer import Node
from postgres import postgres
from service import ROOT, check, draw, folder, until

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
        with urllib.request.urlopen(f"http://127.0.0.1:{self.door}{path}", data=data, timeout=10) as answer:
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
            with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method), timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def send(self, video, log):
        parts = [(b"video", b"v.mkv", video), (b"signal", b"s.txt", log)]
        form = b"".join(b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % part for part in parts)
        form += b'--b\r\nContent-Disposition: form-data; name="save_overlay"\r\n\r\nno\r\n--b--\r\n'
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/analyze", data=form, headers={
            "Content-Type": "multipart/form-data; boundary=b", "Prefer": "respond-async"})
        with urllib.request.urlopen(request, timeout=30) as answer:
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


def shared_out(cluster):
    """Sent to one, judged by all: each by one."""
    sessions = [cluster.send(cluster.a) for _ in range(4)]
    until(lambda: all(cluster.b.asked(f"/sessions/{session}")[0] == 200 for session in sessions), "any node knows them")
    until(lambda: cluster.b.state(sessions[-1]).get("kept_by") == "cluster", "the nodes have it")
    waiting = cluster.b.state(sessions[-1])
    check("it is said where it stands", waiting["state"] in ("CREATE", "PROCESSING") and 0 <= waiting["progress"] <= 1, waiting)
    check("what is not over is not removed", cluster.b.asked(f"/sessions/{sessions[-1]}", "DELETE")[0] == 409)
    results = [cluster.wait_for_result(session) for session in sessions]
    check("each has its verdict", all(code == 200 for code, _ in results), results)
    check("the same one", len({result["winner"] for _, result in results}) == 1)
    check("no two judge one", all(sum(node.has_taken(session) for node in cluster.nodes) == 1 for session in sessions))
    check("all take part", all(any(node.has_taken(session) for session in sessions) for node in cluster.nodes))
    for node in cluster.nodes:
        until(lambda: set(sessions) <= {one["id"] for one in node.asked("/sessions")[1]["sessions"] if one["state"] == "COMPLETE"},
              "it is in the library of all")
    until(lambda: all(cluster.is_stored(session) for session in sessions), "their files are in the store")
    check("under their names", all({"analysis_result.json", "phrase.mkv", "phrase.txt"} <= cluster.store.names(session) for session in sessions))
    for node in cluster.nodes:
        check("and given by any", node.asked(f"/sessions/{sessions[0]}/curves")[0] == 200)
    check("nothing is left to do", cluster.database.ask("select count(*) from piste.job") == "0")
    return results[0][1]


def reanalyzed(cluster):
    """An archive, asked for at one node, is judged by all, and nothing of that stays."""
    archive, out = cluster.work / "archive", cluster.work / "compared.json"
    for node in cluster.nodes:
        for phrase in (node.work / "phrases").glob("2*"):
            for copy in "ab":
                shutil.copytree(phrase, archive / (phrase.name[:-1] + copy))
    before = [set((node.work / "phrases").glob("2*")) for node in cluster.nodes]
    taken = [node.told().count(TAKEN) for node in cluster.nodes]
    done = subprocess.run([cluster.programs / "referee", "reanalyze", f"http://127.0.0.1:{cluster.b.port}", "--since", "2026-01-01",
                           "--output-dir", archive, "--out", out], capture_output=True, text=True)
    compared = json.loads(out.read_text())
    check("an archive is judged once more", done.returncode == 0 and compared["compared"] == 8, (done.stderr, compared))
    check("the same verdicts come of it", compared["changed"] == 0 and compared["confidence_moved_most"] < 0.01, compared)
    check("all nodes take part", all(node.told().count(TAKEN) > some for node, some in zip(cluster.nodes, taken)))
    check("each phrase is judged once", sum(node.told().count(TAKEN) for node in cluster.nodes) == sum(taken) + 8)
    until(lambda: [set((node.work / "phrases").glob("2*")) for node in cluster.nodes] == before, "nothing of it stays on a disk")
    until(lambda: len({key.split("/")[-2] for key in json.loads(cluster.store.at_door("/objects")) if key.endswith("manifest.json")}) == 4, "nor in the store")
    check("nor in a list", all(len(node.asked("/sessions")[1]["sessions"]) == 4 for node in cluster.nodes))


def killed(cluster, verdict):
    cluster.store.hold(1)
    session = cluster.send(cluster.b)
    node = cluster.wait_for_fetching(session, 1)
    cluster.database.ask(f"create table put_again as select owner, id, folder, store, job, attempts from piste.job where id = '{session}'")
    node.kill()
    other = cluster.a if node is cluster.b else cluster.b
    until(lambda: other.result(session)[0] == 200, "the other finishes what a killed one had begun")
    check("as it would have", other.result(session)[1]["winner"] == verdict["winner"])
    check("in its second attempt", other.has_taken(session) == 1)
    # As if the database had been away when it was judged, and for long.
    result = other.work / "phrases" / session.removeprefix("upload-") / "analysis_result.json"
    os.utime(result, (time.time() - 7200,) * 2)
    cluster.database.ask("insert into piste.job (owner, id, folder, store, job, attempts) select * from put_again")
    until(lambda: cluster.database.ask("select count(*) from piste.job") == "0", "what it has judged it tells again")
    check("and does not judge again", other.has_taken(session) == 1)
    node.start()
    time.sleep(2)
    check("which the killed one does not begin again", node.has_taken(session) == 1 and cluster.wait_for_result(session)[0] == 200)
    until(lambda: not [path for path in (node.work / "phrases").iterdir() if session.endswith(path.name)], "nothing of its attempt is left")


def poison(cluster):
    """What ends each service that judges it."""
    cluster.store.hold(3)
    session = cluster.send(cluster.a)
    for attempt in (1, 2, 3):
        node = cluster.wait_for_fetching(session, attempt)
        node.kill()
        node.start()  # what its earlier run had is free at once
    code, answer = cluster.wait_for_result(session)
    check("after three attempts it is given up", code == 500 and "ended each time" in answer["error"], answer)
    check("by all", cluster.b.result(session) == (code, answer) and cluster.b.state(session)["state"] == "FAILED")
    check("each attempt is counted", sum(node.has_taken(session) for node in cluster.nodes) == 4, "the fourth gives it up")
    until(lambda: not cluster.store.names(session), "its film is removed from the store")


def wrong_keys(cluster):
    keys = cluster.work / "wrong"
    Store.write(keys, "another-secret")
    c = cluster.node("c", REFEREE_S3_CREDENTIALS=str(keys))
    session = cluster.send(c)
    until(lambda: "no other node can judge it, it stays on this one" in c.told(), "it is said in the log")
    check("it stays", c.state(session).get("kept_by", "node") == "node")
    until(lambda: c.result(session)[0] == 200 and cluster.a.result(session)[0] == 200, "and is judged there, for all")
    c.kill()


def as_before_it_was_given(cluster):
    """An upload that was judged and is in the store; the node that was asked is dead, and its disk is as if it had been killed when it
    had given the upload to the others, and not yet removed it."""
    cluster.database.kill()
    session = cluster.send(cluster.a)
    cluster.a.kill()
    here, copy = cluster.a.folder(session), cluster.work / session
    shutil.copytree(here, copy)
    cluster.database.start()
    cluster.a.start()
    check("it goes on when it is back", cluster.wait_for_result(session)[0] == 200)
    until(lambda: cluster.is_stored(session), "its files are in the store")
    cluster.a.kill()
    shutil.rmtree(here, ignore_errors=True)
    shutil.copytree(copy, here)
    return session


def comes_back(cluster):
    """It is not given to them again."""
    session = as_before_it_was_given(cluster)
    given = f"{re.escape(session)}.*any node may judge the upload"
    before = len(re.findall(given, cluster.a.told()))
    cluster.a.start()
    until(lambda: len(re.findall(given, cluster.a.told())) > before and not cluster.a.folder(session).exists(), "it is left to them")
    for node in cluster.nodes:
        check("nothing of the phrase is lost by that", node.asked(f"/sessions/{session}/curves")[0] == 200)
    check("and it is judged once", sum(node.has_taken(session) for node in cluster.nodes) == 1)
    check("it can be removed", 200 <= min(node.asked(f"/sessions/{session}", "DELETE")[0] for node in cluster.nodes) < 300)
    until(lambda: not cluster.store.names(session), "and nothing of it stays in the store")


def removed_while_away(cluster):
    """What its owner has removed stays so, whatever a node that was away meanwhile has of it."""
    session = as_before_it_was_given(cluster)
    taken = sum(node.has_taken(session) for node in cluster.nodes)
    check("what was judged is removed at the other node", cluster.b.asked(f"/sessions/{session}", "DELETE")[0] == 204)
    until(lambda: not cluster.store.names(session), "and from the store")
    cluster.a.start()
    until(lambda: not cluster.a.folder(session).exists(), "the upload that was sent does not stay at a node that comes back")
    until(lambda: cluster.database.ask(f"select count(*) from piste.job where id = '{session}'") == "0", "nor wait to be judged")
    check("nor is it judged anew", sum(node.has_taken(session) for node in cluster.nodes) == taken)
    check("nobody has it", not any(node.knows(session) for node in cluster.nodes) and not cluster.store.names(session))


def removed_elsewhere(cluster):
    """A phrase that is on one node's disk, by another one: while that one is away, and while it is there."""
    for away in (True, False):
        session = cluster.send(cluster.a)
        cluster.wait_for_result(session)
        until(lambda: cluster.is_stored(session), "it is in the store")
        judge, other = cluster.judge_of(session)
        if away:
            judge.kill()
        check("any node removes it", other.asked(f"/sessions/{session}", "DELETE")[0] == 204)
        if away:
            judge.start()
        until(lambda: not judge.folder(session).exists() and not judge.knows(session), f"the node that judged it removes it{', too' * away}")
        time.sleep(2)  # it tells the others what it has
        check("and nobody has it", not any(node.knows(session) for node in cluster.nodes))
        until(lambda: not cluster.store.names(session), "nor does the store")
        time.sleep(6)  # each node has looked once more for what it is to bring
        check("also later", not cluster.store.names(session))


def failed(cluster):
    """What cannot be judged: its film does not stay in the store, whether it was given to the others or they could not be told of it."""
    video, cluster.video = cluster.video, b"no film"
    session = cluster.send(cluster.a)
    check("what is no film has no result", cluster.wait_for_result(session)[0] == 500)
    until(lambda: not cluster.store.names(session), "and does not stay in the store")
    cluster.database.ask("create function refused() returns trigger language plpgsql as 'begin raise ''not now''; end'; "
                         "create trigger refused before insert on piste.job for each row execute function refused()")
    session = cluster.send(cluster.a)
    check("nor has one that is judged where it is", cluster.wait_for_result(session)[0] == 500)
    cluster.database.ask("drop trigger refused on piste.job")
    check("which was in the store before", cluster.store.has_been_sent(session, "phrase.mkv") and cluster.a.has_taken(session) == 0)
    until(lambda: not cluster.store.names(session), "but does not stay there either")
    cluster.video = video


def lost_bucket(cluster):
    """An upload in a bucket that no node has any more."""
    e = cluster.node("e", REFEREE_S3=f"http://127.0.0.1:{cluster.store.port}/bucket/elsewhere")
    cluster.store.hold(1)
    session = cluster.send(e)
    until(lambda: cluster.store.fetches(session) == 1, "it is in its own bucket, and just being fetched")
    e.kill()
    alone = f"select count(*) from piste.job where id = '{session}' and alone_since is not null"
    until(lambda: cluster.database.ask(alone) == "1", "it is seen that no node has the bucket")
    check("which may be back soon", cluster.a.result(session)[0] == 202)
    cluster.database.ask(f"update piste.job set alone_since = alone_since - interval '1 hour' where id = '{session}'")
    until(lambda: cluster.a.result(session)[0] != 202, "after some time it is over")
    code, answer = cluster.b.result(session)
    check("and it is said why", code == 500 and "bucket" in answer["error"] and cluster.b.state(session)["state"] == "FAILED", answer)
    check("nothing waits any more", cluster.database.ask("select count(*) from piste.job") == "0")


def answer_lost(cluster):
    for node in cluster.nodes:
        node.kill()
    losing = Losing(cluster.database, cluster.stack)
    d = cluster.node("d", REFEREE_CLUSTER=losing.url)
    session = cluster.send(d)
    until(lambda: d.result(session)[0] == 200, "an upload whose node does not know that it has it goes on")
    check("and none was left out", losing.lost)
    d.kill()


def database_away(cluster):
    cluster.database.kill()
    session = cluster.send(cluster.a)
    until(lambda: cluster.a.result(session)[0] == 200, "while the database is away it is judged where it is")
    cluster.database.start()
    until(lambda: cluster.b.result(session)[0] == 200, "and told to the others when it is back")
    check("nobody else has judged it", not any(node.has_taken(session) for node in cluster.nodes))


with folder() as scratch, contextlib.ExitStack() as everything:
    began = time.monotonic()
    whole = Cluster(pathlib.Path(sys.argv[1]), scratch, everything)
    undisturbed = shared_out(whole)
    reanalyzed(whole)
    killed(whole, undisturbed)
    poison(whole)
    wrong_keys(whole)
    database_away(whole)
    comes_back(whole)
    removed_while_away(whole)
    removed_elsewhere(whole)
    failed(whole)
    lost_bucket(whole)
    answer_lost(whole)
    print(f"{time.monotonic() - began:.0f} s")
