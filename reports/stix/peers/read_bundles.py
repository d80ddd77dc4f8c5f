"""Reads STIX bundles as others do and says what they found wrong.

Standard input: {"bundles": {name: bundle}, "misp": {name: bundle}}; standard output: a list of complaints, empty where all is well.
"""
import io
import json
import os
import sys
import tempfile

from misp_stix_converter import ExternalSTIX2toMISPParser
import stix2
from stix2.registry import STIX2_OBJ_MAPS
from stix2matcher.matcher import match
from stix2patterns.validator import run_validator
from stix2validator import ValidationOptions, validate_file


def validate(name, bundle):
    """OASIS's validator, every recommendation too but two: ids by chance (103) and digests of web pages (302)."""
    options = ValidationOptions(
        strict=True, strict_properties=True, enforce_refs=True, disabled="103,302", version="2.1", silent=True
    )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bundle.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(bundle, file)
        result = validate_file(path, options)
    if result.fatal:
        yield f"{name}: validator: {result.fatal.error}"
    for one in result.object_results:
        for error in (one.errors or []) + (one.warnings or []):
            yield f"{name}: validator: {error}"


def parse(name, bundle):
    """python-stix2: parses strictly, and makes the ids of observables anew from their properties."""
    try:
        stix2.parse(bundle, allow_custom=False, version="2.1")
    except Exception as error:  # whatever it says is a complaint
        yield f"{name}: python-stix2: {type(error).__name__}: {error}"
    classes = STIX2_OBJ_MAPS["2.1"]["observables"]
    for one in bundle["objects"]:
        if one["type"] in classes:
            again = classes[one["type"]](**{key: value for key, value in one.items() if key != "id"})
            if again.id != one["id"]:
                yield f"{name}: python-stix2: expected {again.id}, got {one['id']}"


def match_patterns(bundles):
    """Patterns parse and match the observed data of their own bundle and of no other."""
    for name, bundle in bundles.items():
        for one in bundle["objects"]:
            if one["type"] != "indicator" or one["pattern_type"] != "stix":
                continue
            errors = run_validator(one["pattern"], "2.1")
            if errors:
                yield from (f"{name}: pattern: {error}" for error in errors)
                continue
            for other, observed in bundles.items():
                if bool(match(one["pattern"], [observed], stix_version="2.1")) != (other == name):
                    yield f"{name}: pattern of {one['name']}: expected to match only its own bundle, not {other}"


def convert(name, bundle):
    """MISP's converter takes all of it without an error."""
    parser = ExternalSTIX2toMISPParser()
    parser.load_stix_bundle(stix2.parse(bundle, allow_custom=True, version="2.1"))
    parser.parse_stix_bundle()
    for errors in parser.errors.values():
        for error in errors:
            yield f"{name}: misp-stix: {error}"
    hashes = {a.value for o in parser.misp_event.objects for a in o.attributes if a.type == "sha256"}
    if not any(one.get("hashes", {}).get("SHA-256") in hashes for one in bundle["objects"] if one["type"] == "file"):
        yield f"{name}: misp-stix: expected a file with its SHA-256 in the event"


def main():
    given = json.load(sys.stdin)
    # What libraries print must not mix with the answer.
    answer, sys.stdout = sys.stdout, io.StringIO()
    complaints = []
    for name, bundle in given["bundles"].items():
        complaints += validate(name, bundle)
        complaints += parse(name, bundle)
    complaints += match_patterns(given["bundles"])
    for name, bundle in given["misp"].items():
        complaints += validate(f"misp {name}", bundle)
        complaints += convert(name, bundle)
    json.dump(complaints, answer)


main()
