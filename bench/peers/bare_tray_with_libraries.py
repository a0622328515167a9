"""The bare tray with the libraries ours needs imported and one WAL database open: the floor for idle memory.

The first argument is the database's path.
"""

import sqlite3
import sys

import apscheduler.schedulers.background
import cryptography.hazmat.primitives.asymmetric.ed25519
import keyring
import msgspec
import opentelemetry.proto.collector.logs.v1.logs_service_pb2
import requests
import sqlite_utils
import truststore

from bench.peers import bare_tray

LOADED = (apscheduler, cryptography, keyring, msgspec, opentelemetry, requests, truststore)

if __name__ == "__main__":
    keyring.get_keyring()
    connection = sqlite3.connect(sys.argv.pop(1))
    database = sqlite_utils.Database(connection)
    database.enable_wal()
    database["kept"].insert({"name": "one"}, replace=True, pk="name")
    sys.exit(bare_tray.main())
