"""Uploads that are judged later: any node takes them, no two take one, and what becomes of one whose node is killed, and of one that ends each
service."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from service import check, folder, until
from sharing import TAKEN, Cluster, Losing, Store


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


def database_away(cluster):
    cluster.database.kill()
    session = cluster.send(cluster.a)
    until(lambda: cluster.a.result(session)[0] == 200, "while the database is away it is judged where it is")
    cluster.database.start()
    until(lambda: cluster.b.result(session)[0] == 200, "and told to the others when it is back")
    check("nobody else has judged it", not any(node.has_taken(session) for node in cluster.nodes))


def answer_lost(cluster):
    for node in cluster.nodes:
        node.kill()
    losing = Losing(cluster.database, cluster.stack)
    d = cluster.node("d", REFEREE_CLUSTER=losing.url)
    session = cluster.send(d)
    until(lambda: d.result(session)[0] == 200, "an upload whose node does not know that it has it goes on")
    check("and none was left out", losing.lost)
    d.kill()


with folder() as scratch, contextlib.ExitStack() as everything:
    whole = Cluster(pathlib.Path(sys.argv[1]), scratch, everything)
    undisturbed = shared_out(whole)
    reanalyzed(whole)
    killed(whole, undisturbed)
    poison(whole)
    wrong_keys(whole)
    database_away(whole)
    answer_lost(whole)
