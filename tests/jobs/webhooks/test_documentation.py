"""What docs/webhooks.md says is so."""

import hashlib
import hmac
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from standardwebhooks import Webhook
from tests.live import live_server

from groundswell.bench.server_process import free_port

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_recorded_delivery_is_signed_as_the_page_says() -> None:
    secret = re.search(r"`(whsec_[A-Za-z0-9+/=]{10,})`", PAGE)
    assert secret
    head, _, body = block("http").strip().partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.split("\n")[1:])
    assert int(headers["Content-Length"]) == len(body.encode())
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signed = Webhook(secret[1]).sign(headers["webhook-id"], moment, body)
    assert headers["webhook-signature"] == signed
    digest = hmac.new(secret[1].encode(), body.encode(), hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == digest


def test_the_five_minutes_work(tmp_path: Path) -> None:
    port = str(free_port())
    (tmp_path / "receiver.py").write_text(block("python").replace("9000", port))
    with live_server(webhook_allow_private=True) as server:
        commands = block("shell").replace("9000", port)
        commands = commands.replace("http://localhost:8080", server.url)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands.replace("python ", f"{sys.executable} ")],
            check=True,
            cwd=tmp_path,
            env=os.environ | {"KEY": server.key},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert "tts.completed {'request_id': 'test_" in done.stdout
    assert '"status":"delivered","attempts":1' in done.stdout
    assert done.stdout.endswith('"deleted":true}')
