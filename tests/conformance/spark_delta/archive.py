"""recorded/THEME/CASE.tar.xz: the tables of a case as Spark left them, and CASE.json: what Spark answered."""

import json
import os
import re
import tarfile

from script import recorded


def _keep(info):
    name = info.name.rsplit("/", 1)[-1]
    if name.startswith(".") and name.endswith(".crc"):     # of Hadoop's local file system
        return None
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


def pack(case, tables):
    """`tables`: {name in the archive: folder}"""
    recorded(case, ".tar.xz").parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(recorded(case, ".tar.xz"), "w:xz", preset=9, format=tarfile.PAX_FORMAT) as archive:
        for name, folder in sorted(tables.items()):
            archive.add(folder, name, filter=_keep)


def _move(path, old, new):
    text = path.read_text()
    moved = text.replace(old, new)
    if moved != text:
        times = path.stat().st_atime_ns, path.stat().st_mtime_ns
        path.write_text(moved)
        os.utime(path, ns=times)
    return moved != text


def unpack(case, folder, recorded_root):
    """Clones name files by absolute path: those go where the files are now, and checkpoints that repeat
    them are left out."""
    with tarfile.open(recorded(case, ".tar.xz")) as archive:
        archive.extractall(folder)
    for log in folder.glob("*/_delta_log"):
        moved = [_move(path, recorded_root, str(folder)) for path in [*log.glob("*.json"), *log.glob("*.crc")]]
        if any(moved):
            for path in [*log.glob("*.checkpoint*"), *log.glob("_last_checkpoint")]:
                path.unlink()


def write_answers(case, answers):
    text = json.dumps(answers, indent=1, ensure_ascii=False)
    # A row, a column: one line each.
    text = re.sub(r"\[\s+((?:(?:\"(?:[^\"\\]|\\.)*\"|null|-?\d+),?\s+)+)\]",
                  lambda found: "[" + re.sub(r"\n\s+", " ", found.group(1).strip()) + "]", text)
    recorded(case, ".json").write_text(text + "\n")


def read_answers(case):
    return json.loads(recorded(case, ".json").read_text())
