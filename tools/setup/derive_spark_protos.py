#!/usr/bin/env python3
"""Derives the interface of Spark Connect from the Python code that protoc generated from it.

Usage: derive_spark_protos.py SOURCE_PACKAGE OUTPUT
  SOURCE_PACKAGE  the .tar.gz of pyspark-client
  OUTPUT          a FileDescriptorSet of every spark/connect/*.proto and of what these import;
                  protoc takes it in place of .proto files:
                    protoc --descriptor_set_in=OUTPUT --cpp_out=DIR spark/connect/base.proto

The code is read, never run: each *_pb2.py holds its file's serialised descriptor as one literal.
"""
import ast
import subprocess
import sys
import tarfile
import tempfile

_FOLDER = "/pyspark/sql/connect/proto/"
# Google's own files that these protos import; protoc brings them.
_WELL_KNOWN = ["google/protobuf/any.proto", "google/protobuf/descriptor.proto",
               "google/protobuf/timestamp.proto", "google/protobuf/empty.proto"]


def _descriptor(source, name):
    """The literal b'…' in AddSerializedFile(b'…')."""
    for node in ast.walk(ast.parse(source)):
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                and node.func.attr == "AddSerializedFile"):
            return ast.literal_eval(node.args[0])
    sys.exit(f"derive_spark_protos: {name} holds no serialised descriptor")


def _varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _as_set(descriptor):
    """A FileDescriptorSet of one file. Written one after the other, such sets are one set."""
    return b"\x0a" + _varint(len(descriptor)) + descriptor


def _well_known():
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["protoc", f"--descriptor_set_out={out.name}", "--include_imports",
                        "--proto_path=/usr/include", *_WELL_KNOWN], check=True)
        return out.read()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    package, output = sys.argv[1:]
    parts = [_well_known()]
    with tarfile.open(package) as archive:
        for name in sorted(archive.getnames()):
            if _FOLDER in name and name.endswith("_pb2.py"):
                source = archive.extractfile(name).read().decode()
                parts.append(_as_set(_descriptor(source, name)))
    if len(parts) == 1:
        sys.exit(f"derive_spark_protos: no *_pb2.py below {_FOLDER} in {package}")
    with open(output, "wb") as out:
        out.writelines(parts)


if __name__ == "__main__":
    main()
