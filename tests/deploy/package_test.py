"""The Debian package of ./dev package: what is in it runs where nothing of this folder is. deploy/check-package.sh
installs and removes it in a clean root."""
import pathlib
import subprocess
import sys

from service import check, folder, need, service, skip

need("dpkg-deb")
build = pathlib.Path(sys.argv[1]).parent
packages = sorted(build.glob("piste_*.deb"))
if not packages:
    skip("there is no package in the build folder (./dev package makes one)")

with folder() as scratch:
    root = scratch / "root"
    subprocess.run(["dpkg-deb", "-x", packages[-1], root], check=True)
    linked = subprocess.run(["ldd", root / "usr/bin/referee_service"], check=True, capture_output=True, text=True).stdout
    check("ONNX Runtime is the package's own", f"{root}/usr/" in linked and "not found" not in linked, linked)
    with service(root / "usr/bin/referee_service", scratch) as (port, log):
        asked = subprocess.run([root / "usr/bin/referee_client", f"http://127.0.0.1:{port}", "--health"])
        check("the service finds its models and answers", asked.returncode == 0, log.read_text())
    fields = subprocess.run(["dpkg-deb", "-f", packages[-1], "Depends"], check=True, capture_output=True, text=True).stdout
    check("its libraries are dependencies", "libavformat" in fields and "libssl3" in fields, fields)
