"""A stand-in for `lstm-lab record`: keeps the stream in a file and answers as the program does.

Its first argument is how it fails: `well`, `dies:N` after epoch N was stored, `silent:N` takes
nothing after epoch N, `mute` never answers, `error` refuses the stream, `words` prints what is no
JSON and ends.
"""

import json
import os
import sys
import time

mode, _, number = sys.argv[1].partition(":")
copy = sys.argv[2]
assert sys.argv[3] == "record"


def answer(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


def run() -> None:
    stream = sys.stdin.buffer
    if mode == "words":
        print("Fatal error: no such command")
        sys.exit(64)
    header = stream.readline()
    if mode == "error":
        answer(error="the database is too new", kind="data")
        sys.exit(65)
    with open(copy, "wb") as file:
        file.write(header)
        while line := stream.readline():
            fields = json.loads(line)
            body = stream.read(fields.get("bytes", 0))
            file.write(line + body)
            file.flush()
            if "end" in fields:
                break
            if mode != "mute":
                if fields["epoch"] == 0:
                    answer(run=7, uuid="-")
                answer(stored=fields["epoch"])
            if mode == "dies" and fields["epoch"] == int(number):
                os._exit(9)
            if mode == "silent" and fields["epoch"] == int(number):
                time.sleep(60)


run()
