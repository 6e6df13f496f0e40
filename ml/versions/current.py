"""Which version answers, from memory: what a running process asks for every picture."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from ml.versions.charge import InCharge
from ml.versions.registry import Registry
from ml.versions.version import RegistryError

_log = logging.getLogger(__name__)

LOOKED: Final = 60.0  # seconds after which a store is asked again, where nobody told
PATIENCE: Final = 10.0  # seconds that a picture waits for a store, of whose owner nothing is known here


class Current:
    """What is in charge of each owner, taken up from other processes and machines without a restart.

    On this machine the files say at once if it changed, by whatever process with this data folder. Of what others did
    in a store elsewhere one is told (`changed`), and looks once a minute besides while pictures come, beside answering
    them: so neither a slow store nor one that is out of reach holds up a picture of whose owner anything is known here.

    Parameters
    ----------
    registry
        The versions of a guild, or of everyone (None).
    """

    def __init__(self, registry: Callable[[int | None], Registry]) -> None:
        self._registry = registry
        self._known: dict[int | None, InCharge] = {}
        self._looked: dict[int | None, float] = {}
        self._looking: dict[int | None, asyncio.Task[None]] = {}
        self._unreachable = False
        self._threads = ThreadPoolExecutor(2, "models")  # what waits for a store keeps nobody else waiting

    async def of(self, owner: int | None) -> InCharge:
        """What answers for an owner; nothing is read unless a file has changed."""
        registry = self._registry(owner)
        if registry.store.elsewhere and self._due(owner):
            looking = self._look(owner)
            if owner not in self._known and not registry.store.record.exists():
                await asyncio.wait({looking}, timeout=PATIENCE)
        known = self._known.get(owner)
        if known is None or not known.holds():
            known = self._known[owner] = await asyncio.to_thread(registry.in_charge)
        return known

    async def changed(self, owner: int | None) -> None:
        """Be told that another version answers for an owner: the next picture is named by it."""
        store = self._registry(owner).store
        if not store.elsewhere or not (owner in self._looked or store.record.exists()):
            return  # nothing is remembered of it here: that of other processes' servers need not come to this machine
        if (looking := self._looking.get(owner)) is not None:
            await asyncio.wait({looking})  # it may have asked before that
        await self._look(owner)

    def missed(self) -> None:
        """Be told that one may not have been told of something: with its next picture each owner is looked at anew."""
        self._looked.clear()
        self._known.clear()

    def close(self) -> None:
        """Wait for nothing any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _due(self, owner: int | None) -> bool:
        last = self._looked.get(owner)
        return last is None or asyncio.get_running_loop().time() - last >= LOOKED

    def _look(self, owner: int | None) -> "asyncio.Task[None]":
        """Ask the store, unless it is being asked just now."""
        looking = self._looking.get(owner)
        if looking is None or looking.done():
            self._looked[owner] = asyncio.get_running_loop().time()
            looking = self._looking[owner] = asyncio.create_task(self._refresh(owner))
        return looking

    async def _refresh(self, owner: int | None) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._registry(owner).refresh)
        except RegistryError as error:
            if not self._unreachable:
                _log.warning("%s What this machine has of the models goes on answering.", error)
            self._unreachable = True
        else:
            if self._unreachable:
                _log.info("The store of models can be reached again.")
            self._unreachable = False
        finally:
            self._looking.pop(owner, None)
