"""Databases that cannot be used for a while, or at all: a clear error, nothing half-written, and on it goes."""

import asyncio
import json
import sqlite3

import psycopg
import pytest

from growqr_testkit.reliability.postgres import PostgresServer
from growqr_workflows import Principal, SqlStore, open_store
from growqr_workflows.store import Answered, Claim, Incoming, Result, Unavailable, Unusable
from growqr_workflows.store.postgres import PostgresDriver
from growqr_workflows.store.schema import migrate
from growqr_workflows.store.sqlite import SqliteDriver

ME = Principal(user_id="u1", org_id="o1")


def message(number, text="hello"):
    return Incoming("c1", ME, f"m{number}", json.dumps(text))


@pytest.fixture
async def sqlite(tmp_path):
    driver = SqliteDriver(str(tmp_path / "store.db"), patience=0.05)
    await migrate(driver)
    yield driver, SqlStore(driver)
    await driver.close()


def within(driver, statement):
    """Run a statement on the driver's own connection, in its thread."""
    return driver._thread.submit(lambda: driver._connection.execute(statement).fetchall()).result()


async def test_a_full_disk_leaves_nothing_of_the_turn_and_is_got_over(sqlite):
    driver, store = sqlite
    pages = within(driver, "PRAGMA page_count")[0][0]
    within(driver, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="the disk is full"):
        await store.receive(message(1, "x" * 50_000))
    within(driver, "PRAGMA max_page_count = 100000")
    assert [c async for c in store.archive.turns()] == []
    assert isinstance(await store.receive(message(1, "y")), Claim)


async def test_a_full_disk_at_the_commit_keeps_the_turn_to_be_answered_later(sqlite):
    driver, store = sqlite
    claim = await store.receive(message(1))
    pages = within(driver, "PRAGMA page_count")[0][0]
    within(driver, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="the disk is full"):
        await store.commit(claim, Result(claim.snapshot, "x" * 50_000))
    within(driver, "PRAGMA max_page_count = 100000")
    await store.commit(claim, Result(claim.snapshot, "short"))
    assert await store.receive(message(1)) == Answered("short")


async def test_a_database_that_another_program_holds_locked(sqlite):
    driver, store = sqlite
    other = sqlite3.connect(driver._path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Unavailable, match="another program holds it locked"):
        await store.receive(message(1))
    other.execute("ROLLBACK")
    other.close()
    assert isinstance(await store.receive(message(1)), Claim)


async def test_a_database_that_may_not_be_written(sqlite):
    driver, store = sqlite
    within(driver, "PRAGMA query_only = ON")
    with pytest.raises(Unavailable, match="may not be written"):
        await store.receive(message(1))
    within(driver, "PRAGMA query_only = OFF")
    assert isinstance(await store.receive(message(1)), Claim)


@pytest.mark.parametrize("content", [b"not a database, but long enough to be taken for one" * 100, None])
async def test_a_file_that_is_no_database_or_a_damaged_one_is_told(tmp_path, content):
    path = tmp_path / "store.db"
    if content is None:
        async with open_store(str(path)) as store:
            await store.receive(message(1))
        content = path.read_bytes()
        content = content[:4096] + b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(Unusable, match="damaged or no database"):
        async with open_store(str(path)) as store:
            await store.receive(message(1))
    assert path.read_bytes() == content


async def test_a_folder_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(Unavailable, match="does its folder exist"):
        async with open_store(str(tmp_path / "nowhere" / "store.db")):
            pass


async def test_a_connection_that_is_lost_in_mid_commit_is_got_over(postgres):
    """The backend is ended inside the transaction; the transaction is repeated, and its effect is there once."""
    driver = PostgresDriver(postgres.database("cut_off"))
    cut = []

    class Cutting:
        dialect = driver.dialect

        async def transact(self, work):
            def once(tx):
                result = work(tx)
                if not cut:
                    (pid,) = tx.one("SELECT pg_backend_pid()")
                    cut.append(pid)
                    with psycopg.connect(driver._pool.conninfo, autocommit=True) as other:
                        other.execute("SELECT pg_terminate_backend(%s)", (pid,))
                return result

            return await driver.transact(once)

    await migrate(driver)
    store = SqlStore(Cutting())
    cut.append("not yet")
    claim = await store.receive(message(1))
    cut.clear()
    await store.commit(claim, Result(claim.snapshot, "said", event={"n": 1}))
    assert len(cut) == 1
    assert await store.receive(message(1)) == Answered("said")
    assert len([turn async for turn in store.archive.turns()]) == 1
    await driver.close()


async def test_a_server_that_is_down_is_told_and_found_again():
    with PostgresServer() as server:
        driver = PostgresDriver(server.database("restarted"), rests=(0, 0.1))
        driver._pool.timeout = 0.3
        await migrate(driver)
        store = SqlStore(driver)
        claim = await store.receive(message(1))
        server.kill()
        with pytest.raises(Unavailable, match="cannot be reached"):
            await store.commit(claim, Result(claim.snapshot, "said"))
        server.start()
        for _ in range(50):
            try:
                await store.commit(claim, Result(claim.snapshot, "said"))
                break
            except Unavailable:
                await asyncio.sleep(0.1)
        assert await store.receive(message(1)) == Answered("said")
        await driver.close()


async def test_a_server_that_was_never_there_is_told():
    driver = PostgresDriver("postgresql://nobody@127.0.0.1:1/none", rests=(0,))
    driver._pool.timeout = 0.3
    with pytest.raises(Unavailable, match=r"PostgreSQL \(none\) cannot be reached"):
        await migrate(driver)
    await driver.close()
