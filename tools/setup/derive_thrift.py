#!/usr/bin/env python3
"""Derives a Thrift IDL from the Python code that the Thrift compiler generated from it.

Usage: derive_thrift.py WHEEL PACKAGE_PATH SERVICE OUTPUT
  WHEEL         the .whl file that holds the generated code
  PACKAGE_PATH  its folder inside the wheel, for example a/b/TCLIService
  SERVICE       the service's name; SERVICE.py lies beside ttypes.py

The code is read, never run: enum values, thrift_spec tuples and the checks in validate() hold all
there is to know. Fields of an enum's type come out as i32, which is the same on the wire, because
the generated Python no longer names the enum.
"""
import ast
import re
import sys
import zipfile

_PRIMITIVES = {
    "BOOL": "bool", "BYTE": "byte", "I08": "byte", "I16": "i16", "I32": "i32", "I64": "i64",
    "DOUBLE": "double",
}
_REQUIRED = re.compile(r"Required field (\w+) is unset")


class Field:
    """One entry of a thrift_spec: (id, TType.X, 'name', type arguments, default)."""

    def __init__(self, node):
        number, kind, name, arguments, default = node.elts
        self.id = ast.literal_eval(number)
        self.kind = kind.attr
        self.name = ast.literal_eval(name)
        self.arguments = arguments
        self.default = ast.literal_eval(default)

    def type_name(self):
        return _type_name(self.kind, self.arguments)

    def structs(self):
        return list(_struct_names(self.kind, self.arguments))


def _type_name(kind, arguments):
    if kind in _PRIMITIVES:
        return _PRIMITIVES[kind]
    if kind == "STRING":
        return "binary" if ast.literal_eval(arguments) == "BINARY" else "string"
    if kind == "STRUCT":
        return arguments.elts[0].id
    if kind in ("LIST", "SET"):
        return f"{kind.lower()}<{_type_name(arguments.elts[0].attr, arguments.elts[1])}>"
    if kind == "MAP":
        key_kind, key, value_kind, value = arguments.elts[:4]
        return f"map<{_type_name(key_kind.attr, key)},{_type_name(value_kind.attr, value)}>"
    sys.exit(f"derive_thrift: type {kind} is not known here")


def _struct_names(kind, arguments):
    if kind == "STRUCT":
        yield arguments.elts[0].id
    elif kind in ("LIST", "SET"):
        yield from _struct_names(arguments.elts[0].attr, arguments.elts[1])
    elif kind == "MAP":
        yield from _struct_names(arguments.elts[0].attr, arguments.elts[1])
        yield from _struct_names(arguments.elts[2].attr, arguments.elts[3])


def _classes(tree):
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _specs(tree):
    """{struct name: [Field]} of the module's `Name.thrift_spec = (...)` statements."""
    specs = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Attribute):
            continue
        target = node.targets[0]
        if target.attr == "thrift_spec":
            specs[target.value.id] = [
                Field(entry) for entry in node.value.elts if isinstance(entry, ast.Tuple)
            ]
    return specs


def _enum_values(node):
    """The _VALUES_TO_NAMES dict of an enum class, None for any other class."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "_VALUES_TO_NAMES":
            return ast.literal_eval(statement.value)
    return None


def _required(node, lines):
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "validate":
            body = lines[statement.lineno - 1:statement.end_lineno]
            return set(_REQUIRED.findall("\n".join(body)))
    return set()


def _default(value):
    if isinstance(value, bool):
        return f" = {str(value).lower()}"
    if isinstance(value, (int, float)):
        return f" = {value}"
    if isinstance(value, str):
        return f' = "{value}"'
    return ""


def _render_struct(name, node, fields, source_lines):
    required = _required(node, source_lines)
    is_exception = any(getattr(base, "id", "") == "TException" for base in node.bases)
    lines = [f"{'exception' if is_exception else 'struct'} {name} {{"]
    for field in fields:
        need = "required" if field.name in required else "optional"
        lines.append(
            f"  {field.id}: {need} {field.type_name()} {field.name}{_default(field.default)}")
    lines.append("}")
    return "\n".join(lines)


def _in_order_of_use(specs, known):
    """Struct names such that each stands after the structs that it holds."""
    done = []
    active = set()

    def visit(name):
        if name in done or name in active or name not in known:
            return
        active.add(name)
        for field in specs[name]:
            for used in field.structs():
                visit(used)
        done.append(name)

    for name in specs:
        visit(name)
    return done


def _render_service(name, tree):
    specs = _specs(tree)
    interface = _classes(tree)["Iface"]
    lines = [f"service {name} {{"]
    for method in interface.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        arguments = ", ".join(
            f"{f.id}: {f.type_name()} {f.name}" for f in specs[f"{method.name}_args"])
        results = [f.type_name() for f in specs[f"{method.name}_result"] if f.name == "success"]
        lines.append(f"  {results[0] if results else 'void'} {method.name}({arguments})")
    lines.append("}")
    return "\n".join(lines)


def derive(types_source, service_source, service):
    """The IDL text for the sources of ttypes.py and SERVICE.py."""
    tree = ast.parse(types_source)
    classes = _classes(tree)
    specs = _specs(tree)
    parts = ["namespace cpp tarn.cli"]
    for name, node in classes.items():
        values = _enum_values(node)
        if values is not None:
            members = "".join(f"  {label} = {value}\n" for value, label in sorted(values.items()))
            parts.append(f"enum {name} {{\n{members}}}")
    lines = types_source.splitlines()
    for name in _in_order_of_use(specs, set(classes)):
        parts.append(_render_struct(name, classes[name], specs[name], lines))
    parts.append(_render_service(service, ast.parse(service_source)))
    return "\n\n".join(parts) + "\n"


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    wheel, folder, service, output = sys.argv[1:]
    with zipfile.ZipFile(wheel) as archive:
        types_source = archive.read(f"{folder}/ttypes.py").decode()
        service_source = archive.read(f"{folder}/{service}.py").decode()
    with open(output, "w", encoding="utf-8") as out:
        out.write(derive(types_source, service_source, service))


if __name__ == "__main__":
    main()
