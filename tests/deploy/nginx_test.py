"""deploy/nginx.conf with a real nginx: TLS, password, upgrade, the client's address, a large upload."""
import base64
import json
import pathlib
import re
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

from service import PATIENCE, ROOT, check, folder, free_port, need, service, skip

need("nginx", "openssl", "curl")
try:
    import asyncio
    import websockets
except ImportError:
    skip("python3-websockets is not installed (tools/packages.sh)")

PASSWORD = {"Authorization": "Basic " + base64.b64encode(b"club:en-garde").decode()}


def configure(work, port, upstream):
    """Our configuration with this test's ports and files, in a frame that runs as whoever tests."""
    subprocess.run([ROOT / "deploy/make-certificate.sh", work / "tls"], check=True, stdout=subprocess.DEVNULL)
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "en-garde"], check=True, capture_output=True, text=True)
    (work / "htpasswd").write_text(f"club:{hashed.stdout}")
    text = (ROOT / "deploy/nginx.conf").read_text()
    for ours, tests in [("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("127.0.0.1:8080", f"127.0.0.1:{upstream}"),
                        ("/etc/nginx/piste", str(work / "tls")), ("/etc/nginx/.htpasswd", str(work / "htpasswd"))]:
        check(f"the configuration has {ours}", ours in text)
        text = text.replace(ours, tests)
    paths = "\n".join(f"{kind}_temp_path {work}/{kind};" for kind in
                      ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    (work / "nginx.conf").write_text(
        f"pid {work}/nginx.pid; error_log {work}/error.log; daemon off; master_process off;\n"
        f"events {{}}\nhttp {{ access_log {work}/access.log; {paths}\n{text}\n}}\n")


def ask(port, path, headers=None, data=None):
    context = ssl.create_default_context(cafile=CERTIFICATE)
    request = urllib.request.Request(f"https://127.0.0.1:{port}{path}", headers=headers or {}, data=data)
    try:
        with urllib.request.urlopen(request, context=context, timeout=PATIENCE) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


async def stream(port, headers):
    context = ssl.create_default_context(cafile=CERTIFICATE)
    async with websockets.connect(f"wss://127.0.0.1:{port}/stream", ssl=context, extra_headers=headers) as socket:
        await socket.send(json.dumps({"type": "session_start", "session_id": "s", "fps": 30, "width": 640, "height": 480}))
        return json.loads(await socket.recv())["type"]


def wait_until_up(port, process, work):
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError((work / "error.log").read_text())
        try:
            return ask(port, "/health")
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("nginx does not answer")


def run(binary, work):
    global CERTIFICATE
    CERTIFICATE = str(work / "tls/certificate.pem")
    with service(binary, work, {"REFEREE_TRUSTED_PROXIES": "127.0.0.1", "REFEREE_LOG_LEVEL": "DEBUG"}) as (upstream, log):
        port = free_port()
        configure(work, port, upstream)
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-p", work, "-c", work / "nginx.conf"], stderr=subprocess.DEVNULL)
        try:
            check("health needs no password", wait_until_up(port, nginx, work)[0] == 200)
            check("the rest does", ask(port, "/streaming/stats")[0] == 401)
            check("with it the statistics come", ask(port, "/streaming/stats", PASSWORD)[0] == 200)
            check("a phrase can be streamed", asyncio.run(stream(port, PASSWORD)) == "session_started")
            try:
                asyncio.run(stream(port, {}))
                check("a WebSocket needs the password", False)
            except websockets.InvalidStatusCode as refused:
                check("a WebSocket needs the password", refused.status_code == 401)
            form = {**PASSWORD, "Content-Type": "multipart/form-data; boundary=b"}
            status, body = ask(port, "/analyze", form, b"x" * (3 << 20))
            check("an upload of 3 MB reaches the service", status == 400 and b"error" in body, f"{status} {body[:200]}")
            # From an address that is no trusted proxy's, as every client's is.
            subprocess.run(["curl", "-sk", "--interface", "127.0.0.2", "-u", "club:en-garde", "-H",
                            "X-Forwarded-For: 198.51.100.99", f"https://127.0.0.1:{port}/streaming/stats"],
                           check=True, stdout=subprocess.DEVNULL)
            told = re.findall(r"GET /streaming/stats from (.*)", log.read_text())[-1]
            check("the address is nginx's word, not the client's", told == "127.0.0.2 through 127.0.0.1", told)
        finally:
            nginx.terminate()
            nginx.wait(timeout=PATIENCE)


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]) / "referee_service", scratch)
