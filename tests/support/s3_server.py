"""An S3 server for tests, in memory: it believes nobody, but recomputes each signature by itself, and can be told to fail.

usage: s3_server.py ACCESS_KEY SECRET_KEY [CERTIFICATE KEY]
It prints two ports: of S3, by TLS where there is a certificate, and of the test's own door, where
GET /objects says what is there, GET /asked what was asked for, POST /fail?how=HOW&times=N&method=METHOD lets requests fail
(503; cut: the body is not read to its end; lost: done, and not answered; silent: never answered; late: the end of an upload in
parts is answered with 200 and an error), POST /clock?ahead=S moves
its clock, and POST /put?key=KEY puts an object there.
"""
import collections
import datetime
import email.utils
import hashlib
import hmac
import http.server
import json
import re
import socket
import ssl
import sys
import threading
import time
import urllib.parse

ACCESS, SECRET = sys.argv[1:3]
BUCKET = "/bucket"
MOST_SKEW = 900  # s
LOCK = threading.Lock()


class State:
    objects, uploads, asked = {}, {}, []
    faults = collections.deque()
    ahead = 0.0


def unquoted(text):
    return urllib.parse.unquote_to_bytes(text)


def quoted(data, safe=""):
    return urllib.parse.quote(data, safe="~" + safe)


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Refused(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status, self.code = status, code


class S3(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    secure = False

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate((timestamp or time.time()) + State.ahead, usegmt=True)

    # As the documentation of Signature Version 4 has it, from the bytes that came.
    def check_signature(self, body):
        path, _, query = self.path.partition("?")
        found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
                             r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})", self.headers.get("Authorization", ""))
        if not found:
            raise Refused(403, "AccessDenied")
        access, day, region, names, signature = found.groups()
        if access != ACCESS:
            raise Refused(403, "InvalidAccessKeyId")
        moment = self.headers["x-amz-date"]
        sent = datetime.datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc).timestamp()
        if abs(sent - time.time() - State.ahead) > MOST_SKEW:
            raise Refused(403, "RequestTimeTooSkewed")
        needed = {"host"} | {name.lower() for name in self.headers if name.lower().startswith("x-amz-")}
        if not needed <= set(names.split(";")) or not moment.startswith(day):
            raise Refused(403, "AccessDenied")
        payload = self.headers["x-amz-content-sha256"]
        if payload != ("UNSIGNED-PAYLOAD" if self.secure else hashlib.sha256(body).hexdigest()):
            raise Refused(400, "XAmzContentSHA256Mismatch")
        pairs = [part.partition("=") for part in query.split("&") if part]
        asked = sorted((quoted(unquoted(name)), quoted(unquoted(value))) for name, _, value in pairs)
        headers = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names.split(";"))
        canonical = "\n".join([self.command, quoted(unquoted(path), "/"), "&".join(f"{name}={value}" for name, value in asked),
                               headers, names, payload])
        scope = f"{day}/{region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = b"AWS4" + SECRET.encode()
        for part in (day, region, "s3", "aws4_request"):
            key = digest(key, part)
        if digest(key, text).hex() != signature:
            raise Refused(403, "SignatureDoesNotMatch")

    def fault(self):
        with LOCK:
            for fault in State.faults:
                if fault[1] in ("", self.command) and (fault[0] != "late" or "uploadId=" in self.path):
                    State.faults.remove(fault)
                    return fault[0]
        return ""

    def handle_one(self):
        how = self.fault()
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length // 2 if how == "cut" else length)
        with LOCK:
            State.asked.append(f"{self.command} {self.path}")
        if how == "silent":
            time.sleep(60)
        if how in ("cut", "silent"):
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        try:
            if how == "late":
                raise Refused(200, "InternalError")
            if how == "503":
                raise Refused(503, "SlowDown")
            self.check_signature(body)
            answer = self.answer(body)
        except Refused as refused:
            text = f"<Error><Code>{refused.code}</Code><AWSAccessKeyId>{ACCESS}</AWSAccessKeyId></Error>"
            answer = (refused.status, {}, text.encode())
        if how == "lost":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        self.send(*answer)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_one

    def send(self, status, fields, body):
        self.send_response(status)
        fields.setdefault("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def answer(self, body):
        path, _, query = self.path.partition("?")
        key = unquoted(path).decode()
        if not key.startswith(BUCKET + "/"):
            raise Refused(404, "NoSuchBucket")
        query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        with LOCK:
            return self.stored(key, query, body)

    def stored(self, key, query, body):
        kind = self.headers.get("Content-Type", "")
        upload = State.uploads.get(query.get("uploadId"))
        if "uploadId" in query and upload is None:
            raise Refused(404, "NoSuchUpload")
        if self.command == "POST" and "uploads" in query:
            name = f"upload {len(State.uploads)}+/="  # as odd as it may be
            State.uploads[name] = (kind, {})
            return 200, {}, f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>".encode()
        if self.command == "PUT" and upload:
            upload[1][int(query["partNumber"])] = body
            return 200, {"ETag": f'"{hashlib.md5(body).hexdigest()}"'}, b""
        if self.command == "POST":
            return self.joined(key, query["uploadId"], body.decode())
        if self.command == "DELETE" and upload:
            del State.uploads[query["uploadId"]]
            return 204, {}, b""
        if self.command == "PUT":
            State.objects[key] = (body, kind)
            return 200, {"ETag": self.etag(key)}, b""
        if self.command == "DELETE":
            State.objects.pop(key, None)
            return 204, {}, b""
        return self.read(key)

    def joined(self, key, name, text):
        kind, parts = State.uploads[name]
        wanted = re.findall(r"<Part><PartNumber>(\d+)</PartNumber><ETag>\"([0-9a-f]+)\"</ETag></Part>", text)
        whole = [int(number) for number, _ in wanted] == sorted(parts)
        if not whole or any(hashlib.md5(parts[int(number)]).hexdigest() != etag for number, etag in wanted):
            return 200, {}, b"<Error><Code>InvalidPart</Code></Error>"
        State.objects[key] = (b"".join(parts[number] for number in sorted(parts)), kind)
        del State.uploads[name]
        return 200, {}, b"<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"

    def etag(self, key):
        return f'"{hashlib.md5(State.objects[key][0]).hexdigest()}"'

    def read(self, key):
        if key not in State.objects:
            raise Refused(404, "NoSuchKey")
        body, kind = State.objects[key]
        fields = {"ETag": self.etag(key), "Content-Type": kind}
        if self.headers.get("If-Match", self.etag(key)) != self.etag(key):
            raise Refused(412, "PreconditionFailed")
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if self.command == "HEAD" or not part:
            return 200, fields, body
        first, last = int(part[1]), min(int(part[2]), len(body) - 1)
        fields["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        return 206, fields, body[first:last + 1]


class Door(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        with LOCK:
            objects = {key: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "type": kind}
                       for key, (body, kind) in State.objects.items()}
            self.say({"/objects": objects, "/asked": State.asked, "/uploads": len(State.uploads)}[self.path])

    def do_POST(self):
        path, _, query = self.path.partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with LOCK:
            if path == "/fail":
                State.faults.extend([(query["how"], query.get("method", ""))] * int(query["times"]))
            elif path == "/well":
                State.faults.clear()
            elif path == "/clock":
                State.ahead = float(query["ahead"])
            elif path == "/put":
                State.objects[query["key"]] = (body, "")
        self.say({})

    def say(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # whoever goes away in the middle is part of the tests


def main():
    s3, door = Server(("127.0.0.1", 0), S3), Server(("127.0.0.1", 0), Door)
    if len(sys.argv) > 3:
        S3.secure = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        s3.socket = context.wrap_socket(s3.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    print(s3.server_address[1], door.server_address[1], flush=True)
    s3.serve_forever()


main()
