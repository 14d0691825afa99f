"""deploy/compose.yaml and deploy/kubernetes.yaml as far as they can be checked where neither runs: the service takes their settings,
HAProxy takes their configuration, their names meet, and no node's phrases lie on a disk that is another's."""
import json
import pathlib
import subprocess
import sys

from service import ROOT, check, folder, need, skip

try:
    import yaml
except ImportError:
    skip("python3-yaml is not installed (tools/packages.sh)")

# What differs between a balancer on a machine and one in Kubernetes.
IN_KUBERNETES = [
    ("bind :443", "bind :8443"), ("no option redispatch", "option redispatch 1"), ("fall 8", "fall 3"),
    ("on-marked-down shutdown-sessions", "on-marked-down shutdown-sessions resolvers pods init-addr none"),
    ("    server node1 10.0.0.11:8080\n    server node2 10.0.0.12:8080",
     "    server node1 piste-0.nodes:8080\n    server node2 piste-1.nodes:8080\n    server node3 piste-2.nodes:8080\n\n"
     "resolvers pods\n    parse-resolv-conf\n    hold valid 1s")]


def directives(text):
    lines = [line.split("#")[0].rstrip() for line in text.splitlines()]
    return [line for line in lines if line]


def takes(program, settings):
    asked = subprocess.run([program, "--print-config"], env=settings, capture_output=True, text=True)
    check("the service takes the settings", asked.returncode == 0, asked.stderr)
    shown = dict(line.split("=", 1) for line in asked.stdout.splitlines())
    check("all of them are its own", set(settings) <= set(shown), set(settings) - set(shown))


def check_compose(program):
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    services = compose["services"]
    nodes = {name: one for name, one in services.items() if name.startswith("node")}
    servers = [line.split()[1:3] for line in directives((ROOT / "deploy/haproxy.cfg").read_text()) if line.split()[0] == "server"]
    check("the balancer's nodes are those of the file", servers == [
        [name, one["networks"]["pistes"]["ipv4_address"] + ":8080"] for name, one in nodes.items()], servers)
    disks = [one["volumes"] for one in nodes.values()]
    check("each has a disk of its own", len({str(disk) for disk in disks}) == len(nodes), disks)
    for name, one in nodes.items():
        settings = one["environment"]
        check(f"{name} has its name", settings["REFEREE_NODE_ID"] == name)
        check(f"{name} believes the balancer", settings["REFEREE_TRUSTED_PROXIES"] == services["balancer"]["networks"]["pistes"]["ipv4_address"])
        takes(program, settings)
    for name, one in services.items():
        missing = set(one.get("secrets", [])) - set(compose["secrets"])
        named = {volume.split(":")[0] for volume in one.get("volumes", []) if not volume.startswith(".")}
        check(f"{name} is given what there is", not missing and named <= set(compose["volumes"]), missing)


def check_kubernetes(program, scratch):
    text = (ROOT / "deploy/kubernetes.yaml").read_text()
    things = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(text)}
    nodes = things["StatefulSet", "piste"]
    pod = nodes["spec"]["template"]["spec"]
    container = pod["containers"][0]
    settings = {one["name"]: one.get("value", "") for one in container["env"]}
    settings.update(REFEREE_NODE_ID="piste-0", REFEREE_CLUSTER="postgresql://piste:secret@database/piste")
    takes(program, settings)
    check("running phrases have their time", int(settings["REFEREE_STOP_TIMEOUT"]) < pod["terminationGracePeriodSeconds"])
    check("no network volume is waited for", "PersistentVolumeClaim" not in text and "volumeClaimTemplates" not in nodes["spec"])
    paths = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    check("what it is asked for its health is there", all(container[probe]["httpGet"]["path"] in paths
                                                          for probe in ("readinessProbe", "livenessProbe")))
    for kind, name in (("StatefulSet", "piste"), ("Deployment", "balancer")):
        spec = things[kind, name]["spec"]
        check(f"{name} finds its pods", spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items())
        inside = spec["template"]["spec"]
        volumes = {volume["name"] for volume in inside["volumes"]}
        check(f"{name} mounts what it has", {mount["name"] for mount in inside["containers"][0]["volumeMounts"]} == volumes)
    check("the nodes have the names that they are called by", nodes["spec"]["serviceName"] == "nodes" and ("Service", "nodes") in things)
    balancer = things["ConfigMap", "balancer"]["data"]["haproxy.cfg"]
    ours = (ROOT / "deploy/haproxy.cfg").read_text()
    for one, other in IN_KUBERNETES:
        check(f"the configuration has {one.strip()[:40]}", one in ours)
        ours = ours.replace(one, other)
    check("the balancer's configuration is that of a machine, but for names", directives(balancer) == directives(ours))
    check("one server for each node", balancer.count("    server ") == nodes["spec"]["replicas"])
    subprocess.run([ROOT / "deploy/make-certificate.sh", scratch / "tls"], check=True, stdout=subprocess.DEVNULL)
    pem = scratch / "piste.pem"
    pem.write_text((scratch / "tls/certificate.pem").read_text() + (scratch / "tls/key.pem").read_text())
    (scratch / "haproxy.cfg").write_text(balancer.replace("/etc/haproxy/piste.pem", str(pem)).replace("/run/haproxy/admin.sock", str(scratch / "sock")))
    asked = subprocess.run(["/usr/sbin/haproxy", "-c", "-f", scratch / "haproxy.cfg"], capture_output=True, text=True)
    check("HAProxy takes it", asked.returncode == 0, asked.stderr + asked.stdout)


need("haproxy", "openssl")
with folder() as work:
    check_compose(pathlib.Path(sys.argv[1]) / "referee_service")
    check_kubernetes(pathlib.Path(sys.argv[1]) / "referee_service", work)
