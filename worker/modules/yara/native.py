"""Scans files with YARA-X, for the sandbox.

Reads one JSON object from standard input: {"rules": [{"name", "text"}], "samples": [path], "timeoutSeconds"}.
Prints one JSON line: {"broken": [{"source", "rule", "line", "message"}]}, then one a sample:
{"path", "matches": [{"rule", "namespace", "tags", "meta", "strings": [{"id", "offset", "length", "data"}], "count"}]}
or {"path", "error"}.
"""
import json
import sys

import yara_x

MOST_STRINGS = 20
MOST_DATA = 64


def build(sources):
    compiler = yara_x.Compiler()
    compiler.ignore_invalid_rules(True)
    broken = []
    for source in sources:
        compiler.new_namespace(source["name"])
        try:
            compiler.add_source(source["text"], origin=source["name"])
        except yara_x.CompileError as error:
            broken.append({"source": source["name"], "rule": None, "line": None, "message": str(error)[:1000]})
    named = [{"source": None, "rule": rule.name, "line": None, "message": str(rule.message)[:1000]} for rule in compiler.ignored_rules()]
    for error in compiler.errors():
        origin = error["labels"][0]["code_origin"] if error.get("labels") else None
        broken.append({"source": origin, "rule": None, "line": error.get("line"), "message": error["title"][:1000]})
    return compiler.build(), broken or named


def describe(rule, file):
    strings, count = [], 0
    for pattern in rule.patterns:
        for match in pattern.matches:
            count += 1
            if len(strings) < MOST_STRINGS:
                file.seek(match.offset)
                data = file.read(min(match.length, MOST_DATA))
                strings.append({"id": pattern.identifier, "offset": match.offset, "length": match.length, "data": data.hex()})
    return {
        "rule": rule.identifier,
        "namespace": rule.namespace,
        "tags": list(rule.tags),
        "meta": {key: text(value) for key, value in rule.metadata},
        "strings": strings,
        "count": count,
    }


def text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else value


def main():
    order = json.load(sys.stdin)
    rules, broken = build(order["rules"])
    say({"broken": broken})
    scanner = yara_x.Scanner(rules)
    scanner.set_timeout(order["timeoutSeconds"])
    for path in order["samples"]:
        try:
            matching = scanner.scan_file(path).matching_rules
            with open(path, "rb") as file:
                say({"path": path, "matches": [describe(rule, file) for rule in matching]})
        except (yara_x.ScanError, yara_x.TimeoutError, OSError) as error:
            say({"path": path, "error": str(error)[:1000] or type(error).__name__})


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


main()
