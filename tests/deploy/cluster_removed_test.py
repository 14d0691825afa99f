"""What nodes share goes when it is to: what its owner removes, at any node and while another is away, what cannot be judged, and what is in a
bucket that nobody has any more."""
import contextlib
import pathlib
import re
import shutil
import sys
import time

from service import check, folder, until
from sharing import Cluster


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


with folder() as scratch, contextlib.ExitStack() as everything:
    whole = Cluster(pathlib.Path(sys.argv[1]), scratch, everything)
    comes_back(whole)
    removed_while_away(whole)
    removed_elsewhere(whole)
    failed(whole)
    lost_bucket(whole)
