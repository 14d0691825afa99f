"""Other people's clients at the service: python3-websockets, npm's ws, libwebsockets, curl. A browser: browser_test.py."""
import asyncio
import json
import os
import pathlib
import shutil
import subprocess
import sys

from service import ROOT, check, folder, service, skip

START = {"type": "session_start", "session_id": "s", "fps": 30, "width": 64, "height": 48}
FRAME = {"type": "frame", "frame_number": 0, "encoding": "raw"}
PICTURE = bytes(64 * 48 * 3)
LWS_CLIENT = pathlib.Path(sys.argv[2])
# Where Debian puts node-ws; a Node of another origin does not look there.
NODE_ENVIRONMENT = {**os.environ, "NODE_PATH": "/usr/share/nodejs"}


def python_websockets(port):
    import websockets

    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{port}/stream") as socket:
            await socket.send(json.dumps(START))
            started = json.loads(await socket.recv())
            await socket.send(json.dumps(FRAME))
            await socket.send([PICTURE[:1000], PICTURE[1000:]])  # in two fragments
            acknowledged = json.loads(await socket.recv())
            await (await socket.ping())
            return started["type"], acknowledged["status"]

    return asyncio.run(talk()) == ("session_started", "received")


NODE = """
const WebSocket = require('ws');
const socket = new WebSocket('ws://127.0.0.1:' + process.argv[1] + '/stream');
const answers = [];
socket.on('open', () => socket.send(JSON.stringify(START)));
socket.on('message', (text) => {
  answers.push(JSON.parse(text));
  if (answers.length === 1) { socket.send(JSON.stringify(FRAME)); socket.send(Buffer.alloc(64 * 48 * 3)); }
  else { console.log(answers[0].type, answers[1].status); socket.close(1000); }
});
socket.on('close', (code) => process.exit(code === 1000 ? 0 : 1));
"""


def node_ws(port):
    program = NODE.replace("START", json.dumps(START)).replace("FRAME", json.dumps(FRAME))
    done = subprocess.run(["node", "-e", program, str(port)], capture_output=True, text=True, timeout=60,
                          env=NODE_ENVIRONMENT)
    return done.returncode == 0 and done.stdout.strip() == "session_started received"


def has_node_ws():
    if not shutil.which("node"):
        return False
    return subprocess.run(["node", "-e", "require('ws')"], capture_output=True, env=NODE_ENVIRONMENT).returncode == 0


def libwebsockets(port):
    done = subprocess.run([LWS_CLIENT, str(port)], capture_output=True, text=True, timeout=60)
    return done.returncode == 0 and done.stdout.strip() == "session_started received"


def curl(port):
    upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13",
               "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    done = subprocess.run(["curl", "-s", "-i", "-N", "--max-time", "5", *upgrade, f"http://127.0.0.1:{port}/stream"],
                          capture_output=True, text=True)
    return done.stdout.startswith("HTTP/1.1 101") and "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in done.stdout


def importable(name):
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode == 0


def run(binary, work):
    clients = {
        "python3-websockets": (importable("websockets"), lambda port: python_websockets(port)),
        "ws (node-ws)": (has_node_ws(), node_ws),
        "curl": (bool(shutil.which("curl")), curl),
        "libwebsockets": (LWS_CLIENT.exists(), libwebsockets),
    }
    spoken = 0
    for name, (there, talk) in clients.items():
        if not there:
            print(f"skipped: {name} is not installed")
            continue
        with service(binary, work) as (port, log):
            check(name, talk(port), log.read_text())
        spoken += 1
    if not spoken:
        skip("none of the clients is installed")


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]) / "referee_service", scratch)
