"""A TCP proxy that cuts or slows what goes through it, and whose target may go away and come back."""
import contextlib
import socket
import threading
import time


class Proxy:
    def __init__(self, target):
        self.target = target
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.pairs, self.lock, self.cuts = [], threading.Lock(), 0
        self.bytes_per_second = None  # each way of each connection; None: as fast as it goes
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.target), 5)
                except OSError:
                    client.close()
                    continue
                with self.lock:
                    self.pairs.append((client, server))
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(16384):
                if rate := self.bytes_per_second:
                    time.sleep(len(data) / rate)
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        """All that is open now, without a word."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        self.cuts += 1
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listening.close()
        self.cut()


@contextlib.contextmanager
def proxy(target):
    one = Proxy(target)
    try:
        yield one
    finally:
        one.close()
