"""deploy/haproxy.cfg with a real HAProxy and two services: a piste's node is killed and comes back, hangs, is stopped in order,
and is gone for good while a phrase is streamed. Each phrase gets the decision of an undisturbed one."""
import contextlib
import pathlib
import shutil
import signal
import sys
import time

from balancer import Balancer, Node, Phrase
from service import PATIENCE, check, draw, folder, need, until


def run(programs, work):
    with contextlib.ExitStack() as stack:
        draw(programs, work)
        patient = {"REFEREE_STOP_TIMEOUT": "100"}  # a phrase that runs is judged, however busy the machine is
        nodes = [Node(programs, work / f"node{i}", stack, patient) for i in (1, 2)]
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
        check("the node that was stopped has ended", mine.process.wait(timeout=PATIENCE) == 0)
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
