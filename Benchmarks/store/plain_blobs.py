#!/usr/bin/env python3
"""A plain program that stores bytes: 64 KB BLOBs, one table, SQLite with our settings.

The measure for `lstm-lab bench --store`: the same number of bytes an epoch, in transactions of at
most 50 ms of work, WAL, synchronous=FULL. Prints MB a second as JSON.
"""

import argparse
import json
import os
import sqlite3
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--bytes-per-epoch", type=int, required=True)
parser.add_argument("--epochs", type=int, default=200)
options = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    database = sqlite3.connect(os.path.join(folder, "plain.db"), isolation_level=None)
    database.execute("PRAGMA page_size = 16384")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA wal_autocheckpoint = 1024")
    database.execute("CREATE TABLE data (id INTEGER PRIMARY KEY, value BLOB NOT NULL)")
    epoch = os.urandom(options.bytes_per_epoch)
    blobs = [epoch[start:start + 65536] for start in range(0, len(epoch), 65536)]
    begin = time.perf_counter()
    database.execute("BEGIN")
    opened = begin
    for _ in range(options.epochs):
        database.executemany("INSERT INTO data (value) VALUES (?)", ((blob,) for blob in blobs))
        if time.perf_counter() - opened > 0.05:
            database.execute("COMMIT")
            database.execute("BEGIN")
            opened = time.perf_counter()
    database.execute("COMMIT")
    database.close()
    seconds = time.perf_counter() - begin
print(json.dumps({"mb_per_second": round(options.bytes_per_epoch * options.epochs / seconds / 1e6, 1)}))
