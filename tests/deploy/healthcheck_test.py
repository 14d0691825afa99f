"""The Dockerfile's health check, as the container's shell runs it: with TLS, without, and when the service is gone."""
import os
import pathlib
import re
import subprocess
import sys

from service import ROOT, check, folder, need, service

need("curl", "openssl")
COMMAND = re.search(r"^HEALTHCHECK .*?CMD (.*)$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE).group(1)


def healthy(port, settings):
    """Its exit code; 0 is well."""
    environment = {"PATH": os.environ["PATH"], "REFEREE_PORT": str(port), **settings}
    return subprocess.run(["/bin/sh", "-c", COMMAND], env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=60).returncode == 0


def run(binary, work):
    subprocess.run([ROOT / "deploy/make-certificate.sh", work / "tls", "referee.example"], check=True,
                   stdout=subprocess.DEVNULL)
    tls = {"REFEREE_TLS_CERT": str(work / "tls/certificate.pem"), "REFEREE_TLS_KEY": str(work / "tls/key.pem")}
    for what, settings in [("without TLS", {}), ("with TLS", tls)]:
        with service(binary, work, settings) as (port, log):
            check(f"{what} it is well", healthy(port, settings), log.read_text())
        check(f"{what} it is not, once it has stopped", not healthy(port, settings))


with folder() as scratch:
    run(pathlib.Path(sys.argv[1]) / "referee_service", scratch)
