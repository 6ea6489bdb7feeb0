"""The overlays of deploy/k8s as Kustomize renders them, and copies of them with one change."""

import functools
import os
import pathlib
import subprocess

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OVERLAYS = ["dev", "prod", "keda"]


@functools.cache
def rendered(overlay):
    command = [os.environ["KUBECTL"], "kustomize", ROOT / "deploy/k8s/overlays" / overlay]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def changed(overlay, change):
    """The manifests after `change` was called with a function that finds an object by kind and name."""
    objects = list(yaml.safe_load_all(rendered(overlay)))

    def find(kind, name=None):
        return next(item for item in objects if item["kind"] == kind and name in (None, item["metadata"]["name"]))

    added = change(find)
    if isinstance(added, dict):
        objects.append(added)
    return yaml.safe_dump_all(objects)
