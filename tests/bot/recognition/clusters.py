"""A Dask cluster of processes on this machine, each worker with a data folder of its own, and with keys of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
_NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout"
OPENSSL = shutil.which("openssl")


def until(happened: Callable[[], object]) -> None:
    """Wait for an event, however long it takes."""
    while not happened():
        time.sleep(0.02)


@dataclass
class Keys:
    """A certificate authority of one's own, and a certificate by it for all who belong to the cluster: PEM files."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Keys":
        """As docs/operators.md has it."""
        folder.mkdir()
        made = cls(folder)
        made.openssl(f"req -x509 {_NEW_KEY} ca-key.pem -out ca.pem -days 30 -subj /CN=koredare-ca")
        made.openssl(f"req {_NEW_KEY} key.pem -out request.pem -subj /CN=koredare")
        made.openssl(
            "x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 -out certificate.pem"
        )
        return made

    def openssl(self, command: str) -> None:
        assert OPENSSL is not None
        subprocess.run([OPENSSL, *command.split()], cwd=self.folder, check=True, capture_output=True)

    @property
    def settings(self) -> dict[str, str]:
        """As `[recognition]` has them."""
        files = {"dask_ca": "ca.pem", "dask_certificate": "certificate.pem", "dask_key": "key.pem"}
        return {name: str(self.folder / file) for name, file in files.items()}

    @property
    def options(self) -> list[str]:
        """As Dask's commands take them."""
        files = ("--tls-ca-file", "ca.pem"), ("--tls-cert", "certificate.pem"), ("--tls-key", "key.pem")
        return [word for option, file in files for word in (option, str(self.folder / file))]


@dataclass
class Processes:
    """A scheduler and its workers; `keys` None: without TLS."""

    folder: Path
    keys: Keys | None
    address: str = ""
    scheduler: "subprocess.Popen[bytes] | None" = None
    workers: "dict[Path, subprocess.Popen[bytes]]" = field(default_factory=dict)
    options: dict[Path, tuple[str, ...]] = field(default_factory=dict)

    def start(self) -> None:
        said = self.folder / "scheduler.json"
        protocol = ["--protocol", "tls"] if self.keys is not None else []
        host = ["--host", "127.0.0.1"] if self.keys is None else ["--host", "tls://127.0.0.1"]
        self.scheduler = self._run("scheduler", *host, "--port", "0", *protocol, "--scheduler-file", str(said))
        until(said.exists)
        until(lambda: said.read_text().strip().endswith("}"))
        self.address = json.loads(said.read_text())["address"]

    def living(self) -> list[Path]:
        """The data folders of the workers that there are."""
        return [home for home, process in self.workers.items() if process.poll() is None]

    def replace(self, killed: int) -> None:
        """Start a worker like the one of a process that is gone."""
        (home,) = (home for home, process in self.workers.items() if process.pid == killed)
        self.add(*self.options[home])

    def add(self, *options: str) -> Path:
        """Start another worker, which looks at one picture at a time; gives its data folder."""
        home = self.folder / f"home-{len(self.workers)}"
        home.mkdir()
        self.options[home] = options
        self.workers[home] = self._run(
            *("worker", self.address, "--no-nanny", "--nthreads", "1", "--local-directory", str(home / "dask")),
            *options,
            home=home,
        )
        return home

    def _run(self, what: str, *words: str, home: Path | None = None) -> "subprocess.Popen[bytes]":
        keys = [] if self.keys is None else self.keys.options
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--no-dashboard", *keys],
            cwd=ROOT,
            env={**os.environ, "KOREDARE_HOME": str(home or self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / f"{what}-{len(self.workers)}.log").open("wb"),
        )

    def stop(self) -> None:
        for process in (*self.workers.values(), self.scheduler):
            if process is not None:
                process.kill()
                process.wait()
