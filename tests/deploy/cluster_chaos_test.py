"""A cluster whose nodes are killed without end: PostgreSQL, HAProxy and three services, a phrase after the other on each piste. Each gets one
result, the undisturbed one, and none is stuck. Short as a test; ./dev bench cluster has it for a minute, and says how long a lost
connection takes to go on."""
import argparse
import contextlib
import json
import pathlib
import random
import re
import statistics
import threading
import time

from balancer import Balancer, Node, Phrase
from postgres import postgres
from service import check, draw, folder, need, until

NODES = 3
LATE = 6  # s: it is shown what was said meanwhile
LONGEST = 30  # s: nobody stands before a dead service for longer


class Chaos:
    """Kills nodes, and once the database, at times that a number decides."""

    def __init__(self, nodes, database, chosen):
        self.nodes, self.database, self.random = nodes, database, random.Random(chosen.seed)
        self.chosen, self.kills, self.back = chosen, 0, []

    def run(self):
        """Until all kills are done and all is back."""
        pause = self.chosen.seconds / (self.chosen.kills + 1)
        for kill in range(self.chosen.kills):
            time.sleep(pause)
            if kill == self.chosen.kills // 3:
                self.database.kill()
                self.later(self.chosen.database_away, self.database.start)
            until(lambda: len(self.living()) > 1, "two nodes live")
            node = self.random.choice(self.living())
            node.kill()
            self.kills += 1
            self.later(self.random.choice([0.3, 0.3, 1, 6]), node.start)
        for thread in self.back:
            thread.join()

    def living(self):
        return [node for node in self.nodes if node.process.poll() is None]

    def later(self, seconds, what):
        self.back.append(threading.Timer(seconds, what))
        self.back[-1].start()


def differences(one, other, at=""):
    """Where two results differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [found for name in sorted({*one, *other}) for found in differences(one.get(name), other.get(name), f"{at}.{name}")]
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        return [found for i, pair in enumerate(zip(one, other)) for found in differences(*pair, f"{at}[{i}]")]
    return [] if one == other else [f"{at}: {one} was {other}"]


def piste(name, programs, work, balancer, end, phrases):
    number = 0
    while time.monotonic() < end:
        number += 1
        phrases.append(Phrase(programs, work, balancer, name, f"{name}-{number}"))
        phrases[-1].process.wait(timeout=240)


class Outcome:
    """What became of the phrases: how long their connections were lost, and what was told to those that went on late or have another
    result than the undisturbed one."""

    def __init__(self, phrases, undisturbed):
        self.phrases, self.lost, self.anew, self.wrong, self.late = len(phrases), [], 0, [], []
        for phrase in phrases:
            try:
                other = differences(phrase.verdict(), undisturbed)
            except AssertionError as failed:
                other = [f"no result: {failed}"]
            if other:
                self.wrong.append(f"another result: {other}\n{phrase.told()}")
            times = [float(seconds) for seconds in re.findall(r"The connection is back after ([0-9.]+) s", phrase.told())]
            if max(times, default=0) > LATE:
                self.late.append(f"late: {phrase.told()}")
            self.lost += times
            self.anew += len(re.findall("begins anew|, [0-9]+ frames to send again", phrase.told()))

    def figures(self):
        lost = sorted(self.lost) or [0]
        return {"phrases": self.phrases, "wrong": len(self.wrong), "connections_lost": len(self.lost), "frames_again": self.anew,
                "lost_to_going_on_s": {"median": statistics.median(lost), "p95": lost[int(0.95 * (len(lost) - 1))], "max": lost[-1]},
                "late": len(self.late)}


def run(programs, work, database, chosen):
    with contextlib.ExitStack() as stack:
        draw(programs, work, chosen.fps)
        nodes = [Node(programs, work / f"node{i}", stack, {"REFEREE_CLUSTER": database.url, "REFEREE_NODE_ID": f"node{i}",
                                                           "REFEREE_MAX_STREAMING_SESSIONS": "64"}) for i in range(1, NODES + 1)]
        last = "server node2 10.0.0.12:8080"
        balancer = Balancer(work, nodes, [(last, last + "\n    server node3 10.0.0.13:8080"),
                                          ("no option redispatch", "option redispatch 1"), ("fall 8", "fall 3")])
        stack.enter_context(balancer.running())
        undisturbed = Phrase(programs, work, balancer, "piste-0", realtime=False).verdict()
        phrases, chaos, failures = [], Chaos(nodes, database, chosen), []
        threading.excepthook = lambda thread: failures.append(repr(thread.exc_value))
        end = time.monotonic() + chosen.seconds
        pistes = [threading.Thread(target=piste, args=(f"piste-{i}", programs, work, balancer, end, phrases))
                  for i in range(1, chosen.pistes + 1)]
        for thread in pistes:
            thread.start()
        chaos.run()
        for thread in pistes:
            thread.join()
        check("all that was killed came back", not failures, failures)
        outcome = Outcome(phrases, undisturbed)
        print(json.dumps({"bench": "cluster", "pistes": chosen.pistes, "seconds": chosen.seconds, "kills": chaos.kills,
                          "database_away_s": chosen.database_away, **outcome.figures()}))
        for told in outcome.wrong + outcome.late:
            print(told)
        check("each phrase has the undisturbed result", len(phrases) >= chosen.pistes and not outcome.wrong,
              "".join(f"{node.work.name}:\n{node.told()}" for node in nodes))
        stages = "select stage, count(*) from piste.session group by stage"
        until(lambda: database.ask(stages) == f"complete|{len(phrases) + 1}", "all are known to the directory, none is stuck")
        check("nodes were killed, and connections lost", chaos.kills > 0 and outcome.lost, chaos.kills)
        check("nobody went on late", max(outcome.lost) <= LONGEST, outcome.lost)


parser = argparse.ArgumentParser()
parser.add_argument("programs", type=pathlib.Path)
parser.add_argument("more", nargs="*")
parser.add_argument("--pistes", type=int, default=3)
parser.add_argument("--seconds", type=float, default=9)
parser.add_argument("--kills", type=int, default=4)
parser.add_argument("--database-away", type=float, default=3)
parser.add_argument("--fps", type=float, default=15)
parser.add_argument("--seed", type=int, default=1)
need("haproxy", "openssl")
with folder() as scratch, postgres(scratch / "database") as server:
    began = time.monotonic()
    options = parser.parse_args()
    run(options.programs, scratch, server, options)
    print(f"{time.monotonic() - began:.0f} s")
