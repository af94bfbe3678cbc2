"""Whether a snapshot is still what it was: every stored byte against the hash that its id was made from."""

from __future__ import annotations

from analysis.house.content import Json
from analysis.snapshots import tables as parquet
from analysis.snapshots.snapshot import MANIFEST, RECEIVED, Snapshot, identity, sha256
from analysis.snapshots.store import Store


def verify(store: Store, snapshot: Snapshot) -> list[str]:
    """Return what is wrong with a snapshot, one Chinese line each; an empty list if every byte is as it was.

    Checked are the manifest (against the id), each table, quarantine file and list of names (against the manifest),
    each raw file (against its hash), and that nothing was added. A changed table names the schools whose rows changed.
    """
    file = snapshot.folder / MANIFEST
    if not file.is_file():
        return [f"快照 {snapshot.id} 缺少 {MANIFEST}"]
    if identity(file.read_bytes()) != snapshot.id:
        return [f"快照 {snapshot.id} 的 {MANIFEST} 已被改动（与编号不符），其余文件无从核对"]
    manifest = snapshot.manifest
    wrong: list[str] = []
    known = {MANIFEST, RECEIVED}
    for entry in (*manifest["tables"].values(), *manifest["private"].values()):
        known.add(entry["file"])
        wrong += _table(snapshot, entry)
    for name, digest in manifest["files"].items():
        known.add(name)
        wrong += _file(snapshot, name, digest)
    for entry in manifest["raw"]:
        wrong += _raw(store, entry)
    present = {one.relative_to(snapshot.folder).as_posix() for one in snapshot.folder.rglob("*") if one.is_file()}
    return wrong + [f"多出文件 {name}，不属于快照 {snapshot.id}" for name in sorted(present - known)]


def _table(snapshot: Snapshot, entry: Json) -> list[str]:
    file = snapshot.folder / entry["file"]
    if not file.is_file():
        return [f"缺少 {entry['file']}"]
    if sha256(file) == entry["sha256"]:
        return []
    line = f"{entry['file']} 已被改动（散列值不符）"
    try:
        now = parquet.slices(file)
    except Exception:  # whatever the changed byte broke in the file's own index
        return [f"{line}，已读不出各校的数据"]
    schools = [s for s in entry["slices"] if now.get(s, {}).get("sha256") != entry["slices"][s]["sha256"]]
    named = [school for school in schools if school]
    return [f"{line}：{'学校 ' + '、'.join(named) + ' 的数据' if named else '数据' if schools else '文件的索引部分'}"]


def _file(snapshot: Snapshot, name: str, digest: str) -> list[str]:
    file = snapshot.folder / name
    if not file.is_file():
        return [f"缺少 {name}"]
    return [] if sha256(file) == digest else [f"{name} 已被改动（散列值不符）"]


def _raw(store: Store, entry: Json) -> list[str]:
    file = store.raw(entry["sha256"])
    if not file.is_file():
        return [f"缺少原始文件“{entry['path']}”（raw/{entry['sha256']}）"]
    if sha256(file) != entry["sha256"]:
        return [f"原始文件“{entry['path']}”已被改动（raw/{entry['sha256']}）"]
    return []
