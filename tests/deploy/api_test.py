"""The two descriptions of the surface against what the service really says: docs/openapi.json, operation by operation, and
docs/asyncapi.yaml, message by message. What is answered and not described fails, too."""
import asyncio
import copy
import hashlib
import http.client
import json
import pathlib
import plistlib
import ssl
import subprocess
import sys
import time

from service import ROOT, check, folder, need, service, skip

try:
    import cv2
    import jsonschema
    import numpy
    import websockets
    import yaml
except ImportError as missing:
    skip(f"{missing.name} is not installed (tools/packages.sh)")

DOCS = ROOT / "docs"


def strict(schema):
    """The same, with no other fields than those that it names, unless it says that there may be."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {name: strict(value) for name, value in schema.items()}
    if isinstance(out.get("properties"), dict) and out.get("type") == "object":
        out.setdefault("additionalProperties", False)
    return out


class Described:
    """Both documents; what is not described is an error."""

    def __init__(self, openapi):
        self.openapi = openapi
        self.messages = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())
        self.store = {"openapi.json": strict(openapi), "asyncapi.yaml": strict(self.messages)}
        self.asked, self.heard = set(), set()

    def validate(self, document, schema, value, what):
        store = {f"http://piste/{name}": content for name, content in self.store.items()}
        resolver = jsonschema.RefResolver(f"http://piste/{document}", self.store[document], store=store)
        problems = list(jsonschema.Draft202012Validator(strict(copy.deepcopy(schema)), resolver=resolver).iter_errors(value))
        if problems:
            raise AssertionError(f"{what}: {problems[0].message} at {list(problems[0].absolute_path)}: {json.dumps(value)[:600]}")

    def answer(self, method, path, status, kind, body):
        operation = self.openapi["paths"][path][method.lower()]
        described = operation["responses"].get(str(status))
        if described is None:
            raise AssertionError(f"{method} {path}: {status} is not described: {body[:300]}")
        if "$ref" in described:
            described = self.openapi["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
        if status < 400:
            self.asked.add(operation["operationId"])
        content = described.get("content", {})
        if not body or not content:
            return
        name = kind.split(";")[0]
        if name not in content and "application/octet-stream" not in content:
            raise AssertionError(f"{method} {path}: {name} is not described")
        if name == "application/json" and name in content:
            self.validate("openapi.json", content[name]["schema"], json.loads(body), f"{method} {path} {status}")

    def message(self, channel, message, sent=False):
        for name, described in self.messages["channels"][channel]["messages"].items():
            said = self.messages["components"]["messages"][name]
            if said["payload"]["properties"]["type"]["const"] == message["type"]:
                self.validate("asyncapi.yaml", said["payload"], message, f"{channel} {message['type']}")
                return self.heard.add(name)
        raise AssertionError(f"{channel}: {message['type']} is not described")


class Asking:
    def __init__(self, described, port):
        self.described, self.port = described, port

    def __call__(self, method, path, values=(), body=None, token="club-owner", query="", headers=None, raw=None):
        target = path
        for name, value in dict(values).items():
            target = target.replace("{" + name + "}", value)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        fields = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, target + query, raw if raw is not None else json.dumps(body) if body is not None else None,
                           {**fields, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
        self.described.answer(method, path, answer.status, answer.headers.get("Content-Type", ""), text)
        return answer.status, text

    def json(self, *args, **more):
        status, text = self(*args, **more)
        if status != 200:
            raise AssertionError(f"{args}: {status} {text[:300]}")
        return json.loads(text)


class Speaking:
    """One WebSocket of which every message, in both directions, is checked."""

    def __init__(self, described, channel, socket):
        self.described, self.channel, self.socket = described, channel, socket

    async def say(self, content=None, **message):
        if self.channel == "stream" and message:
            self.described.message(self.channel, message)
            await self.socket.send(json.dumps(message))
        if content is not None:
            await self.socket.send(content)

    async def hear(self, *until):
        """Reads on until one of these types, or the states of events."""
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), 60))
            self.described.message(self.channel, message)
            if message["type"] in until or message.get("state") in until:
                return message


def picture(number):
    image = numpy.full((96, 128, 3), 90, numpy.uint8)
    cv2.rectangle(image, (20 + number, 30), (35 + number, 80), (240, 240, 240), -1)
    return cv2.imencode(".jpg", image)[1].tobytes()


async def frames(line, session, count):
    for number in range(count):
        await line.say(picture(number), type="frame", session_id=session, frame_number=number, timestamp=number / 30, encoding="jpeg")
        await line.hear("frame_ack")


LOG = (ROOT / "samples/attack-from-right.txt").read_bytes()
SIZE = {"fps": 30, "width": 128, "height": 96}


async def phrase(described, url, ask):
    """A phrase with all that may be said in one; cut and resumed in the middle."""
    async with websockets.connect(url + "/stream?token=club-camera") as socket:
        line = Speaking(described, "stream", socket)
        await line.say(type="ping", id="p", timestamp=1.5, client_time=2.5)
        await line.hear("pong")
        await line.say(type="session_end", session_id="nobody")
        await line.hear("error")
        await line.say(type="session_start", session_id="s", timestamps="capture", include_keypoints=True, **SIZE)
        token = (await line.hear("session_started"))["resume_token"]
        await frames(line, "s", 100)
        await asyncio.get_running_loop().run_in_executor(None, lambda: ask("GET", "/sessions/{id}/live.jpg", {"id": "s"}))
        await line.say(type="touch", side="left")
        await line.hear("error")
        await line.say(type="box_open", piste="A", source="test", protocol="lines")
        await line.hear("box_opened")
        await line.say(type="box_events", piste="A", first=1, events=[])
        await line.hear("box_ack", "error")
        await line.say(type="session_end", total_frames=100)
        await line.hear("session_ended")
    async with websockets.connect(url + "/stream?token=club-camera") as socket:
        line = Speaking(described, "stream", socket)
        await line.say(type="session_resume", session_id="s", resume_token=token)
        await line.hear("session_resumed")
        await line.say(LOG, type="signal", session_id="s", filename="phrase.txt", size=len(LOG))
        described.validate("openapi.json", described.openapi["components"]["schemas"]["Result"],
                           (await line.hear("process_complete"))["result"], "process_complete.result")
        await line.say(type="session_start", session_id="t", **SIZE)
        await line.hear("session_started")
        await line.say(type="session_abort")
        await line.hear("session_aborted")


async def bout(described, url):
    async with websockets.connect(url + "/stream?token=club-camera") as socket:
        line = Speaking(described, "stream", socket)
        await line.say(type="session_start", session_id="b", mode="bout", timestamps="capture", **SIZE)
        await line.hear("session_started")
        for number in range(150):
            await line.say(picture(number % 90), type="frame", session_id="b", frame_number=number, timestamp=number / 30)
            await line.hear("frame_ack")
            if number == 90:
                await line.say(type="touch", side="left", timestamp=3.0)
                await line.hear("touch_ack")
        await line.say(type="session_end")
        return (await line.hear("process_complete"))["result"]["phrases"][0]["folder"]


async def watch(described, url, ready, done):
    async with websockets.connect(url + "/events?token=club-viewer&since=1") as socket:
        line = Speaking(described, "events", socket)
        await line.hear("hello")
        ready.set()
        while not done.is_set() or "deleted" not in described.heard:
            await line.hear("session_state", "decision", "phrase_decision", "phrase_complete", "changed", "deleted")


def people(ask):
    one = {"id": "s"}
    ask.json("PUT", "/sessions/{id}/human_verdict", one, {"winner": "right", "reasons": ["parry"], "note": "clear"})
    ask.json("GET", "/sessions/{id}/human_verdict", one, token="club-viewer")
    ask.json("DELETE", "/sessions/{id}/human_verdict", one, token="club-referee")
    ask.json("PATCH", "/sessions/{id}", one, {"name": "14-14", "bout": "final", "fencers": {"left": "A"}, "tags": ["x"]})
    sig = ask.json("POST", "/sessions/{id}/links", one, {"minutes": 5})["sig"]
    ask.json("GET", "/sessions/{id}/result", one, token="", query=f"?sig={sig}")
    ask("PUT", "/sessions/{id}/human_verdict", one, {"winner": "both"})
    ask("PUT", "/sessions/{id}/human_verdict", one, {"winner": "left"}, headers={"If-Match": '"0"'})
    ask("PATCH", "/sessions/{id}", {"id": "nobody"}, {})


def reading(ask):
    one = {"id": "s"}
    for path in ["/", "/me", "/openapi.json", "/streaming/stats", "/sessions"]:
        ask.json("GET", path)
    for path in ["/health", "/livez", "/readyz"]:
        ask.json("GET", path, token="")
    ask("GET", "/qr.svg", token="", query="?text=piste")
    ask("GET", "/qr.svg", token="")
    ask("GET", "/trust", token="")
    ask("GET", "/metrics")
    ask("GET", "/metrics", token="")
    ask("GET", "/metrics", token="club-camera")
    ask("GET", "/sessions", query="?limit=0")
    ask.json("POST", "/look", raw=picture(0))
    ask("POST", "/look", raw=b"none")
    for path in ["/stream", "/events"]:
        ask("GET", path)
    for path in ["/sessions/{id}", "/sessions/{id}/result", "/sessions/{id}/keypoints", "/sessions/{id}/curves"]:
        ask.json("GET", path, one)
        ask("GET", path, {"id": "nobody"})
    file = {"id": "s", "name": "analysis_result.json"}
    ask.json("GET", "/sessions/{id}/artifacts/{name}", file)
    ask("GET", "/sessions/{id}/artifacts/{name}", file, headers={"Range": "bytes=1-5"})
    ask("GET", "/sessions/{id}/artifacts/{name}", file, headers={"Range": "bytes=99999999-"})
    ask("GET", "/sessions/{id}/frames/{name}", {"id": file["id"], "name": "3.jpg"}, query="?w=64")
    ask("GET", "/sessions/{id}/frames/{name}", {"id": file["id"], "name": "999.jpg"})
    ask("GET", "/sessions/{id}/clips/{name}", {"id": file["id"], "name": "3-5.mp4"}, query="?speed=0.5")
    ask("GET", "/sessions/{id}/clips/{name}", {"id": file["id"], "name": "3-999.mp4"})


def bout_phrase(ask, folder):
    one = {"id": "b", "folder": folder}
    for kind in ["result", "keypoints", "curves"]:
        ask.json("GET", "/sessions/{id}/phrases/{folder}/" + kind, one)
    ask("GET", "/sessions/{id}/phrases/{folder}/frames/{name}", {**one, "name": "0.jpg"})
    ask("GET", "/sessions/{id}/phrases/{folder}/clips/{name}", {**one, "name": "0-1.mp4"})
    ask("GET", "/sessions/{id}/phrases/{folder}/artifacts/{name}", {**one, "name": "analysis_result.json"}, headers={"Range": "bytes=1-5"})
    ask("GET", "/sessions/{id}/phrases/{folder}/result", {**one, "folder": "phrase-99"})


def pairing(ask):
    code = ask.json("POST", "/pair", body={"role": "viewer", "device": "a wall"})["code"]
    ask.json("POST", "/pair/claim", token="", body={"code": code})
    ask("POST", "/pair/claim", token="", body={"code": code})
    ask("POST", "/pair", body={"role": "king"})
    device = ask.json("GET", "/pair")["devices"][0]["id"]
    ask("DELETE", "/pair/{id}", {"id": device})
    ask("DELETE", "/pair/{id}", {"id": device})


def upload(ask, work):
    video = work / "upload.avi"
    writer = cv2.VideoWriter(str(video), cv2.VideoWriter_fourcc(*"MJPG"), 30, (128, 96))
    for number in range(90):
        writer.write(cv2.imdecode(numpy.frombuffer(picture(number), numpy.uint8), cv2.IMREAD_COLOR))
    writer.release()
    form = b"".join(b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % part for part in
                    [(b"video", b"v.avi", video.read_bytes()), (b"signal", b"s.txt", LOG)]) + b"--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    ask.json("POST", "/analyze", raw=form, headers=kind)
    status, text = ask("POST", "/analyze", raw=form, headers={**kind, "Prefer": "respond-async"})
    check("an upload may be judged later", status == 202)
    id = {"id": json.loads(text)["session_id"]}
    ask("GET", "/sessions/{id}", id)
    end = time.monotonic() + 60
    while status == 202 and time.monotonic() < end:
        time.sleep(.05)
        status, text = ask("GET", "/sessions/{id}/result", id)
    check("its result is told then", status == 200)
    ask("POST", "/analyze", raw=b"--b--\r\n", headers=kind)


async def talk(described, port, ask, work):
    url = f"ws://127.0.0.1:{port}"
    ready, done = asyncio.Event(), asyncio.Event()
    watching = asyncio.create_task(watch(described, url, ready, done))
    await ready.wait()
    await phrase(described, url, ask)
    folder = await bout(described, url)
    loop = asyncio.get_running_loop()
    for step in [lambda: reading(ask), lambda: people(ask), lambda: bout_phrase(ask, folder), lambda: pairing(ask), lambda: upload(ask, work)]:
        await loop.run_in_executor(None, step)
    done.set()
    await loop.run_in_executor(None, lambda: ask("DELETE", "/sessions/{id}", {"id": "s"}))
    await watching


def trust(described, programs, work):
    """What is said over plain HTTP where the service speaks TLS."""
    subprocess.run([ROOT / "deploy/make-certificate.sh", work / "tls"], check=True, stdout=subprocess.DEVNULL)
    tls = {"REFEREE_TLS_CERT": str(work / "tls/certificate.pem"), "REFEREE_TLS_KEY": str(work / "tls/key.pem")}
    with service(programs / "referee_service", work, tls) as (port, _):
        for path in ["/trust", "/trust/ca.crt"]:
            Asking(described, port)("GET", path, token="")
        profile = Asking(described, port)("GET", "/trust/ca.mobileconfig", token="")[1]
        content = plistlib.loads(profile)["PayloadContent"][0]
        check("the profile has the authority's certificate", ssl.DER_cert_to_PEM_cert(content["PayloadContent"]).strip()
              == (work / "tls/ca.pem").read_text().strip() and content["PayloadType"] == "com.apple.security.root")


def run(programs, work):
    tokens = work / "tokens"
    tokens.write_text("".join(f"club sha256:{hashlib.sha256(f'club-{role}'.encode()).hexdigest()} {role}\n"
                              for role in ["camera", "viewer", "referee", "owner"]))
    with service(programs / "referee_service", work, {"REFEREE_AUTH_TOKENS_FILE": str(tokens)}) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/openapi.json", headers={"Authorization": "Bearer club-owner"})
        described = Described(json.loads(connection.getresponse().read()))
        check("the service hands out docs/openapi.json", described.openapi == json.loads((DOCS / "openapi.json").read_text()))
        asyncio.run(talk(described, port, Asking(described, port), work))
    trust(described, programs, work)
    operations = {one["operationId"] for path in described.openapi["paths"].values() for one in path.values()}
    left = operations - described.asked - {"stream", "events"}
    check("every operation was asked and answered", not left, left)
    check("every message was said", not set(described.messages["components"]["messages"]) - described.heard,
          set(described.messages["components"]["messages"]) - described.heard)


need("openssl")
need("openssl")
with folder() as scratch:
    run(pathlib.Path(sys.argv[1]), scratch)
