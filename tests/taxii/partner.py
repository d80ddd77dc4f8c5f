"""A partner that reads collections with OASIS's client, and what it got with OASIS's validator and python-stix2.

Standard input and output: a line of JSON each, a command and its answer. Between two pages of a walk it waits for a line.
"""
import io
import json
import os
import sys
import tempfile

import requests
import stix2
from stix2validator import ValidationOptions, validate_file
from taxii2client.v21 import Collection, Server, as_pages


def discover(url, user, password):
    """Everything that the client reads on its way to collections, checked by it as it reads."""
    server = Server(url, user=user, password=password)
    return {
        "title": server.title,
        "default": server.default.url,
        "roots": [
            {
                "url": root.url,
                "versions": root.versions,
                "collections": [
                    {"id": one.id, "title": one.title, "alias": one.alias, "read": one.can_read, "write": one.can_write}
                    for one in root.collections
                ],
            }
            for root in server.api_roots
        ],
    }


def walk(url, user, password, limit, what, filters):
    """Every page, with a stop between two."""
    collection = Collection(url, user=user, password=password)
    read = collection.get_objects if what == "objects" else collection.get_manifest
    objects = []
    for page in as_pages(read, per_request=limit, **filters):
        objects += page.get("objects", [])
        if page.get("more"):
            answer({"page": len(page["objects"])})
            sys.stdin.readline()
    return {"objects": objects}


def poll(url, user, password, filters):
    """One request, with the dates by which a poller goes on."""
    collection = Collection(url, user=user, password=password)
    dates = []
    # The client gives no headers away.
    collection._conn.session.hooks["response"].append(
        lambda response, **_: dates.append(response.headers.get("X-TAXII-Date-Added-Last"))
    )
    return {"objects": collection.get_objects(**filters).get("objects", []), "last": dates[-1]}


def look(url, user, password, id):
    """One object with its versions."""
    collection = Collection(url, user=user, password=password)
    return {
        "objects": collection.get_object(id).get("objects", []),
        "all": collection.get_object(id, version="all").get("objects", []),
        "versions": collection.object_versions(id).get("versions", []),
    }


def refusal(url, user, password):
    """The status with which the client is refused."""
    try:
        Collection(url, user=user, password=password).refresh()
    except requests.exceptions.HTTPError as error:
        return {"status": error.response.status_code}
    return {"status": 200}


def validate(objects, refs):
    """Complaints of OASIS's validator, every recommendation but ids by chance (103) and digests of web pages (302), and of python-stix2."""
    complaints = []
    bundle = {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": objects}
    options = ValidationOptions(
        strict=True, strict_properties=True, enforce_refs=refs, disabled="103,302", version="2.1", silent=True
    )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bundle.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(bundle, file)
        result = validate_file(path, options)
    if result.fatal:
        complaints.append(str(result.fatal.error))
    for one in result.object_results:
        complaints += [str(error) for error in (one.errors or []) + (one.warnings or [])]
    for one in objects:
        try:
            stix2.parse(one, allow_custom=False, version="2.1")
        except Exception as error:  # whatever it says is a complaint
            complaints.append(f"{one['id']}: {type(error).__name__}: {error}")
    return {"complaints": complaints}


COMMANDS = {
    "discover": discover,
    "walk": walk,
    "poll": poll,
    "look": look,
    "refusal": refusal,
    "validate": validate,
}
# What libraries print must not mix with answers.
OUT, sys.stdout = sys.stdout, io.StringIO()


def answer(value):
    OUT.write(json.dumps(value) + "\n")
    OUT.flush()


for line in sys.stdin:
    command = json.loads(line)
    answer(COMMANDS[command.pop("do")](**command))
