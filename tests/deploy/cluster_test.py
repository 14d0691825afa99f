"""Two services of one cluster with a real PostgreSQL: whom a client is sent to, what becomes of a phrase whose node is killed, and that
the database may go, hang or lose an answer, and nobody waits for it."""
import asyncio
import contextlib
import hashlib
import json
import pathlib
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from postgres import postgres
from proxy import Proxy
from service import PATIENCE, check, draw, folder, free_port, service, skip

try:
    import cv2
    import websockets
except ImportError as missing:
    skip(f"{missing.name} is not installed (tools/packages.sh)")


class Node:
    def __init__(self, programs, work, stack, name, url, tokens):
        self.program, self.work, self.port, self.stack = programs / "referee_service", work, free_port(), stack
        self.settings = {"REFEREE_PORT": str(self.port), "REFEREE_CLUSTER": url, "REFEREE_NODE_ID": name,
                         "REFEREE_AUTH_TOKENS_FILE": str(tokens)}
        self.work.mkdir()
        self.start()

    def start(self, **settings):
        processes = []
        self.stack.enter_context(service(self.program, self.work, self.settings | settings, processes))
        self.process = processes[0]

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def ask(self, path, method="GET", token="club", body=None):
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, headers={"Authorization": f"Bearer {token}"},
                                       data=body and json.dumps(body).encode())
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def state(self, session):
        return (self.ask(f"/sessions/{session}")[1] or {}).get("state")

    def listed(self, query=""):
        """Of the phrases that are over: by id."""
        return {entry["id"]: entry for entry in self.ask(f"/sessions{query}")[1]["sessions"] if entry["state"] == "COMPLETE"}

    def logs_of_frames(self):
        return sorted((self.work / "phrases").glob("*/frames.log"))


class Client:
    """One connection, message by message."""

    def __init__(self, node, token="club"):
        self.node, self.token = node, token

    async def __aenter__(self):
        self.socket = await websockets.connect(f"ws://127.0.0.1:{self.node.port}/stream?token={self.token}")
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def say(self, content=None, **message):
        await self.socket.send(json.dumps(message))
        if content is not None:
            await self.socket.send(content)

    async def hear(self, *types):
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            if message["type"] in types or message["type"] == "error":
                return message

    async def start(self, session, width, height, fps, **more):
        await self.say(type="session_start", session_id=session, width=width, height=height, fps=fps, **more)
        return await self.hear("session_started")

    async def resume(self, session, resume_token):
        await self.say(type="session_resume", session_id=session, resume_token=resume_token)
        return await self.hear("session_resumed")

    async def frames(self, session, film, numbers):
        for number in numbers:
            await self.say(film.pictures[number], type="frame", session_id=session, frame_number=number,
                           timestamp=number / film.fps, encoding="jpeg")
        slowest = 0
        for number in numbers:
            asked = time.monotonic()
            answer = await self.hear("frame_ack")
            slowest = max(slowest, time.monotonic() - asked)
            if answer["type"] != "frame_ack":
                raise AssertionError(answer)
        return slowest

    async def verdict(self, session, film):
        await self.say(type="session_end", session_id=session, total_frames=len(film.pictures))
        await self.hear("session_ended")
        await self.say(film.log, type="signal", session_id=session)
        answer = await self.hear("process_complete")
        if answer["type"] != "process_complete":
            raise AssertionError(answer)
        return answer["result"]

    async def is_closed(self):
        await asyncio.wait_for(self.socket.wait_closed(), 5)
        return self.socket.close_code


class Watcher:
    """Hears the events that a node tells, from when it is entered."""

    def __init__(self, node, token="club"):
        self.url, self.heard = f"ws://127.0.0.1:{node.port}/events?token={token}", []

    async def __aenter__(self):
        self.socket = await websockets.connect(self.url)
        check("a watcher is greeted", json.loads(await self.socket.recv())["type"] == "hello")
        self.reading = asyncio.create_task(self.read())
        return self

    async def __aexit__(self, *_):
        self.reading.cancel()
        await self.socket.close()

    async def read(self):
        async for text in self.socket:
            self.heard.append(json.loads(text))

    def of(self, session):
        return [(event["type"], event.get("state")) for event in self.heard if event["session_id"] == session and event["type"] != "sight"]


class Film:
    def __init__(self, work):
        capture = cv2.VideoCapture(str(work / "drawn.mkv"))
        self.fps, self.log, self.video = capture.get(cv2.CAP_PROP_FPS), (work / "drawn.txt").read_bytes(), (work / "drawn.mkv").read_bytes()
        self.width, self.height = (int(capture.get(p)) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
        self.pictures = []
        while (read := capture.read())[0]:
            self.pictures.append(cv2.imencode(".jpg", read[1])[1].tobytes())

    @property
    def size(self):
        return self.width, self.height, self.fps


class Forgetful(Proxy):
    """Once armed, it passes one question with these words on, and its answer on to nobody."""

    def __init__(self, target, words):
        self.words, self.armed, self.mute, self.lost = words, False, False, 0
        super().__init__(target)

    def pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.mute:
                    continue
                if self.armed and self.words in data:
                    self.armed, self.mute = False, True
                    sink.sendall(data)
                    time.sleep(0.3)  # the database is done with it
                    self.lost, self.mute = self.lost + 1, False
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


async def until(met, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not met():
        if time.monotonic() > end:
            raise AssertionError(f"not in time: {what}")
        await asyncio.sleep(0.05)


async def go_on(node, session, resume_token):
    """As a client does: by a connection anew, until the node takes it. Yields (the greeting, how often it was refused)."""
    refused, end = 0, time.monotonic() + 30
    while time.monotonic() < end:
        async with Client(node) as client:
            answer = await client.resume(session, resume_token)
            if answer["type"] == "session_resumed":
                return answer, refused
            check("who is refused is told when to come again, and is sent away", answer.get("retry_after") == 1
                  and await client.is_closed() == 1012, answer)
            refused += 1
        await asyncio.sleep(1)
    raise AssertionError(f"{session} was not taken: {answer}")


def same(one, other):
    return one["decision"] == other["decision"]


async def begun_anew(a, b, session, film):
    """Under the id of a phrase that a has judged."""
    async with Client(b) as client:
        await client.start(session, *film.size)
        await until(lambda: a.state(session) == "RECEIVING_FRAMES", "an id that is given again is the newer phrase's, at all nodes")
        check("and has no result yet", a.ask(f"/sessions/{session}/result")[0] == 409)
        await client.say(type="session_abort", session_id=session)
        await client.hear("session_aborted")
    await until(lambda: a.state(session) == "COMPLETE", "given up, it is the older one's again")


async def library(a, b):
    """Of a phrase that a has judged."""
    await until(lambda: b.listed().get("undisturbed", {}).get("node") == "a", "any node lists the phrases of all")
    own = a.listed()["undisturbed"]
    check("as their own nodes do", "node" not in own and b.listed()["undisturbed"] == own | {"node": "a", "artifacts": []}, own)
    check("an owner's only", b.ask("/sessions", token="single")[1]["sessions"] == [])
    for method, path, body in [("GET", "artifacts/overlay.mp4", None), ("GET", "keypoints", None), ("PUT", "human_verdict", {"winner": "left"})]:
        code, answer = b.ask(f"/sessions/undisturbed/{path}", method, body=body)
        check(f"whoever has no files says which node does: {path}", code == 404 and "the node a" in answer["error"], answer)
    said = {"winner": "left", "note": "La riposte, l'arrêt est trop tard"}
    check("a person says something", a.ask("/sessions/undisturbed/human_verdict", "PUT", body=said)[0] == 200)
    await until(lambda: b.listed()["undisturbed"]["human_verdict"] == "left", "which is in all lists")
    for words, found in [("ripos ARRÊT", True), ("arret", True), ("iposte", False), ("'", False), ("\\", False), ("a:* | !b", False), ("(", False)]:
        check(f"they are searched for {words}", ("undisturbed" in b.listed(f"?q={urllib.parse.quote(words)}")) == found)
    check("and narrowed", b.listed("?from=2100-01-01") == {} and "undisturbed" in b.listed(f"?weapon={own['weapon']}&to=2100-01-01&limit=1"))
    check("to a piste's", "undisturbed" in b.listed("?piste=7") and b.listed("?piste=8") == {})


async def one_view(a, b, film):
    """Of what is done at a, by who is at b."""
    async with Watcher(b) as watcher, Watcher(b, "single") as other, Client(a) as client:
        await client.start("watched", *film.size)
        await client.frames("watched", film, range(3))
        await until(lambda: watcher.of("watched") == [("session_state", "RECEIVING_FRAMES")], "any node tells what becomes of a phrase")
        await until(lambda: "watched" in b.ask("/streaming/stats?scope=cluster")[1]["sessions"], "and has the statistics of all")
        stats = b.ask("/streaming/stats?scope=cluster")[1]
        check("with its node", stats["sessions"]["watched"]["node"] == "a" and stats["active_sessions"] == 1, stats)
        check("of each node, and their sums", set(stats["nodes"]) == {"a", "b"} and stats["max_sessions"] == 20, stats)
        check("a node's own are all there is of it", a.ask("/streaming/stats?scope=cluster")[1]["sessions"]["watched"]["frames_received"] == 3)
        check("an owner's only", b.ask("/streaming/stats?scope=cluster", token="single")[1]["sessions"] == {})
        check("no other scope is known", b.ask("/streaming/stats?scope=world")[0] == 400)
        await client.say(type="session_abort", session_id="watched")
        await until(lambda: watcher.of("watched")[1:] == [("session_state", "GONE")], "also that it is gone")
        check("each once, in order", [event["seq"] for event in watcher.heard] == sorted({event["seq"] for event in watcher.heard}))
        check("nobody else hears of it", other.heard == [], other.heard)


async def judged_later(a, b, film):
    """An upload at a, which is killed with it."""
    parts = [(b"video", b"v.mkv", film.video), (b"signal", b"s.txt", film.log)]
    form = b"".join(b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % part for part in parts) + b"--b--\r\n"
    asked = urllib.request.Request(f"http://127.0.0.1:{a.port}/analyze", data=form, headers={
        "Authorization": "Bearer club", "Content-Type": "multipart/form-data; boundary=b", "Prefer": "respond-async"})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        check("an upload may be judged later", answer.status == 202)
        session = json.loads(answer.read())["session_id"]
    await until(lambda: b.state(session) == "PROCESSING", "any node says where an upload stands")
    a.kill()
    check("also while its own is away", b.state(session) == "PROCESSING" and b.ask(f"/sessions/{session}/result")[0] == 202)
    a.start()
    await until(lambda: b.ask(f"/sessions/{session}/result")[0] == 200, "and its result, when its own has judged it")


async def sent_elsewhere(a, b, film):
    async with Client(a) as client:
        token = (await client.start("moves", *film.size))["resume_token"]
        await client.frames("moves", film, range(20))
    await until(lambda: b.state("moves") == "RECEIVING_FRAMES", "any node knows the session")
    check("and lists it", {"id": "moves", "state": "RECEIVING_FRAMES", "node": "a"} in b.ask("/sessions")[1]["sessions"])
    async with Client(b) as client:
        answer = await client.resume("moves", token)
        check("a session that another node has is not taken from it", answer.get("error_code") == "SESSION_RESUME_FAILED"
              and answer.get("retry_after") == 1, answer)
        check("and the connection is closed, for the next may lead there", await client.is_closed() == 1012)
    async with Client(b) as client:
        answer = await client.resume("moves", "0" * 32)
        check("whoever has a wrong token learns nothing", "retry_after" not in answer and answer["type"] == "error", answer)
    async with Client(a) as client:
        answer = await client.resume("moves", token)
        check("nothing of it is lost there", answer.get("ranges") == [[0, 19]], answer)
    answer, refused = await go_on(b, "moves", token)
    check("whoever insists is taken", refused <= 2 and answer["ranges"] == [], (answer, refused))
    return token


async def killed_while_judging(node, session, film):
    """Its token."""
    async with Client(node) as client:
        token = (await client.start(session, *film.size))["resume_token"]
        await client.frames(session, film, range(len(film.pictures)))
        await client.say(type="session_end", session_id=session, total_frames=len(film.pictures))
        await client.say(film.log, type="signal", session_id=session)
        await client.hear("signal_ack")
        node.kill()
    return token


async def removed_while_away(a, b, film):
    """A phrase that went on at b, and was removed there, before a is back."""
    token = await killed_while_judging(a, "unwanted", film)
    await go_on(b, "unwanted", token)
    async with Client(b) as client:
        await client.resume("unwanted", token)
        await client.frames("unwanted", film, range(len(film.pictures)))
        await client.verdict("unwanted", film)
    await until(lambda: b.ask("/sessions/unwanted", "DELETE")[0] == 204, "what another node went on with is removed there")
    frames = a.logs_of_frames()
    a.start()
    await until(lambda: len(a.logs_of_frames()) == len(frames) - 1, "the node that comes back removes what it has of it")
    check("and does not judge it", a.state("unwanted") is None and b.state("unwanted") is None)
    check("nor is it listed", "unwanted" not in a.listed() and "unwanted" not in b.listed())


async def bout(a, b, database, film):
    """Its frames are on its node's disk alone: whoever comes elsewhere is sent away until that is back, or a minute is over."""
    async with Client(a) as client:
        token = (await client.start("bout", *film.size, mode="bout"))["resume_token"]
        await client.frames("bout", film, range(20))
    await until(lambda: b.state("bout") == "RECEIVING_FRAMES", "the other node knows of it")
    a.kill()
    for _ in range(5):
        async with Client(b) as client:
            answer = await client.resume("bout", token)
            check("another node does not end a bout", answer.get("retry_after") == 1 and await client.is_closed() == 1012, answer)
        await asyncio.sleep(1)
    a.start()
    async with Client(a) as client:
        answer = await client.resume("bout", token)
        check("which goes on when its own is back", answer.get("ranges") == [[0, 19]], answer)
    asked = "select asked_at is not null from piste.session where id = 'bout'"
    await until(lambda: database.ask(asked) == "f", "the others hear that it goes on")
    a.kill()
    await asyncio.sleep(3.2)  # a run that was not heard for so long does not live
    async with Client(b) as client:
        check("and are asked anew", (await client.resume("bout", token)).get("retry_after") == 1)
    database.ask("update piste.session set asked_at = asked_at - interval '61 s' where id = 'bout'")
    async with Client(b) as client:
        answer = await client.resume("bout", token)
        check("after a minute nobody has it", answer["error_code"] == "SESSION_RESUME_FAILED" and "retry_after" not in answer, answer)
    a.start()
    async with Client(a) as client:
        await client.resume("bout", token)
        await client.say(type="session_abort", session_id="bout")
        await client.hear("session_aborted")


async def killed(a, b, database, film, undisturbed):
    async with Client(a) as client:
        token = (await client.start("killed", *film.size))["resume_token"]
        await client.frames("killed", film, range(20))
    await until(lambda: b.state("killed") == "RECEIVING_FRAMES", "the other node knows of it")
    token_of_judged = await killed_while_judging(a, "judged", film)
    began = time.monotonic()
    answer, _ = await go_on(b, "killed", token)
    check("the other node goes on from the beginning, soon", answer["ranges"] == [] and time.monotonic() - began < 20, answer)
    async with Client(b) as client:
        await client.resume("killed", token)
        await client.frames("killed", film, range(len(film.pictures)))
        database.ask("update piste.session set stage = 'failed' where id = 'killed'")  # as a third node may have said
        result = await client.verdict("killed", film)
    check("its decision is the undisturbed one", same(result, undisturbed), result)
    await go_on(b, "judged", token_of_judged)
    async with Client(b) as client:
        await client.resume("judged", token_of_judged)
        await client.frames("judged", film, range(len(film.pictures)))
        check("what was being judged is judged there", same(await client.verdict("judged", film), undisturbed))
    frames = a.logs_of_frames()
    own = database.ask("select folder from piste.session where id = 'judged'")
    a.start()
    await until(lambda: len(a.logs_of_frames()) == len(frames) - 1, "the node that was killed does not judge it once more")
    await until(lambda: database.ask("select folder from piste.phrase where id = 'judged'") == own, "so it is there once")
    check("and what else it acknowledged is on its disk", set(a.logs_of_frames()) < set(frames))
    await until(lambda: a.ask("/sessions/killed/result") == (200, result), "it gives the other's result")
    check("and its state", a.state("killed") == "COMPLETE")
    async with Client(a) as client:
        answer = await client.resume("killed", token)
        check("who comes back to it is told the result", answer.get("state") == "COMPLETE", answer)
        check("which is the same", (await client.hear("process_complete"))["result"] == result)


async def renamed(a, b, database, film):
    async with Client(a) as client:
        token = (await client.start("renamed", *film.size))["resume_token"]
        await client.frames("renamed", film, range(20))
    await until(lambda: b.state("renamed") == "RECEIVING_FRAMES", "it is known")
    a.kill()
    a.start(REFEREE_NODE_ID="another-name")
    async with Client(a) as client:
        answer = await client.resume("renamed", token)
        check("whoever has the frames goes on at once, whatever its name", answer.get("ranges") == [[0, 19]], answer)
    a.kill()
    folder_of = "select folder from piste.session where id = 'renamed'"
    its_own = database.ask(folder_of)
    answer, _ = await go_on(b, "renamed", token)
    await until(lambda: database.ask(folder_of) != its_own, "it is the other's")
    a.start()
    await until(lambda: a.state("killed") == "COMPLETE", "it can ask: what another has judged is known")
    async with Client(a) as client:
        answer = await client.resume("renamed", token)
        check("a node that comes back asks before it goes on", answer.get("retry_after") == 1, answer)


async def lost_answer(a, b, proxy, film):
    async with Client(a) as client:
        token = (await client.start("lost", *film.size))["resume_token"]
        await client.frames("lost", film, range(5))
    await until(lambda: b.state("lost") == "RECEIVING_FRAMES", "it is known")
    a.kill()
    await asyncio.sleep(3.2)  # a run that was not heard for so long does not live
    proxy.armed = True
    answer, refused = await go_on(b, "lost", token)
    check("an adoption whose answer is lost is made again", proxy.lost == 1 and 1 <= refused <= 3 and answer["ranges"] == [], answer)
    a.start()


async def database_away(a, b, database, film, undisturbed):
    async with Client(a) as known:
        token = (await known.start("away", *film.size))["resume_token"]
        await until(lambda: b.state("away") == "RECEIVING_FRAMES", "it is known")
        with database.hanging():
            slowest = await known.frames("away", film, range(20))
            began = time.monotonic()
            check("of what nobody can be asked nothing is said", b.ask("/sessions/away")[0] == 404)
            check("what is here is listed", b.ask("/sessions")[0] == 200)
            check("and nobody waits long for it", time.monotonic() - began < 10)
            check("a frame waits for no database", slowest < 5)
        database.kill()
        await known.frames("away", film, range(20, len(film.pictures)))
        result = await known.verdict("away", film)
        check("a verdict waits for no database", same(result, undisturbed))
    async with Client(a) as client:
        token_of_new = (await client.start("begun", *film.size))["resume_token"]
        await client.frames("begun", film, range(5))
    async with Client(a) as client:
        answer = await client.resume("begun", token_of_new)
        check("who has the frames goes on meanwhile", answer.get("ranges") == [[0, 4]], answer)
    async with Client(b) as client:
        answer = await client.resume("begun", token_of_new)
        check("another node asks the client to come again", answer.get("retry_after") == 1 and await client.is_closed() == 1012, answer)
    database.start()
    await until(lambda: b.ask("/sessions/away/result") == (200, result), "what happened meanwhile is written down")
    await until(lambda: b.state("begun") == "RECEIVING_FRAMES", "and what goes on")


async def read_only(a, b, database, film):
    """As after a failover, for a moment."""
    change = "set default_transaction_read_only = off; alter system {}; select pg_reload_conf()"
    for statement in change.format("set default_transaction_read_only = on").split("; "):
        database.ask(statement)
    await until(lambda: database.ask("show default_transaction_read_only") == "on", "it takes nothing")
    async with Client(a) as client:
        await client.start("read-only", *film.size)
        await asyncio.sleep(0.3)
        for statement in change.format("reset default_transaction_read_only").split("; "):
            database.ask(statement)
        await until(lambda: b.state("read-only") == "RECEIVING_FRAMES", "what it did not take is written later")


async def may_begin(node, session, film):
    """Whether it may begin; it is ended again."""
    async with Client(node, "single") as client:
        answer = await client.start(session, *film.size)
        if answer["type"] == "session_started":
            await client.say(type="session_abort", session_id=session)
            await client.hear("session_aborted")
            return True
        check("it is said why", answer.get("error_code") == "SESSION_START_FAILED", answer)
        return False


async def limits(a, b, film):
    async with Client(a, "single") as client:
        await client.start("first", *film.size)
        end = time.monotonic() + 10  # what the others have is known to a second
        while may := await may_begin(b, "second", film):
            if time.monotonic() > end:
                break
            await asyncio.sleep(0.2)
        check("a token's sessions are counted at all nodes", not may)
        await client.say(type="session_abort", session_id="first")
        await client.hear("session_aborted")
    check("what was ended is nowhere", a.state("first") is None)


async def run(programs, work, database, stack):
    tokens = work / "tokens"
    tokens.write_text("".join(f"{name} sha256:{hashlib.sha256(name.encode()).hexdigest()} {sessions}\n"
                              for name, sessions in (("club", ""), ("single", "1"))))
    draw(programs, work)
    film = Film(work)
    forgetful = Forgetful(database.port, b"with held as")
    stack.callback(forgetful.close)
    a = Node(programs, work / "a", stack, "a", database.url, tokens)
    b = Node(programs, work / "b", stack, "b", database.url.replace(str(database.port), str(forgetful.port)), tokens)
    async with Client(a) as client:
        await client.start("undisturbed", *film.size, piste="7")
        await client.frames("undisturbed", film, range(len(film.pictures)))
        undisturbed = await client.verdict("undisturbed", film)
    await until(lambda: b.ask("/sessions/undisturbed/result") == (200, undisturbed), "any node gives the result")
    check("and its state", b.state("undisturbed") == "COMPLETE")
    check("an owner sees what is his", b.ask("/sessions/undisturbed", token="single")[0] == 404)
    await library(a, b)
    await one_view(a, b, film)
    await judged_later(a, b, film)
    await sent_elsewhere(a, b, film)
    await killed(a, b, database, film, undisturbed)
    await removed_while_away(a, b, film)
    await bout(a, b, database, film)
    await renamed(a, b, database, film)
    await lost_answer(a, b, forgetful, film)
    await limits(a, b, film)
    await read_only(a, b, database, film)
    async with Watcher(b) as watcher:
        await database_away(a, b, database, film, undisturbed)
        await until(lambda: {("decision", None), ("session_state", "COMPLETE")} <= set(watcher.of("away")), "who watches hears what happened meanwhile")
    await begun_anew(a, b, "away", film)
    phrases = len(list((work / "a/phrases").glob("*/analysis_result.json")))
    check("any node removes a phrase", b.ask("/sessions/undisturbed", "DELETE")[0] == 204)
    await until(lambda: len(list((work / "a/phrases").glob("*/analysis_result.json"))) == phrases - 1, "which goes from the disk that has it")
    for node in (a, b):
        await until(lambda node=node: node.state("undisturbed") is None and "undisturbed" not in node.listed(), "and from all lists")


with folder() as scratch, postgres(scratch / "database") as server, contextlib.ExitStack() as nodes:
    started = time.monotonic()
    asyncio.run(run(pathlib.Path(sys.argv[1]), scratch, server, nodes))
    print(f"{time.monotonic() - started:.0f} s")
