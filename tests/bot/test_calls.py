"""What becomes of calls to Discord that those who make them do not wait for."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from discord.http import Route

from bot.calls import Calls, NoPicture, Unreached
from tests.wire.faults import rate_limited
from tests.wire.service import TOKEN, Service


@pytest.fixture
async def service(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Service]:
    service = Service()
    await service.start()
    monkeypatch.setattr(Route, "BASE", service.api)
    yield service
    await service.stop()


async def test_a_pause_for_all_ends_though_who_met_it_is_gone(service: Service) -> None:
    calls = Calls(asyncio.get_running_loop())
    await calls.static_login(TOKEN)
    service.fault(rate_limited("GET", "/users/@me", 50, everywhere=True))
    met = asyncio.create_task(calls.request(Route("GET", "/users/@me")))
    while calls._global_over.is_set():  # noqa: ASYNC110  it is no event of ours
        await asyncio.sleep(0)
    met.cancel()
    await asyncio.wait([met])
    assert (await calls.request(Route("GET", "/users/@me")))["id"] == service.world.bot["id"]
    await calls.close()


async def test_who_still_calls_when_the_bot_has_hung_up_is_not_heard(service: Service) -> None:
    calls = Calls(asyncio.get_running_loop())
    await calls.static_login(TOKEN)
    await calls.close()
    with pytest.raises(Unreached):
        await calls.request(Route("GET", "/users/@me"))
    with pytest.raises(NoPicture):
        await calls.get_from_cdn(f"{service.world.url}/attachments/1/1/picture.png")
