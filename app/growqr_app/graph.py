"""`growqr graph`: the workflow as a diagram, drawn from the machine that runs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from growqr_app.errors import UserError
from growqr_rules import load_pack
from growqr_workflows import WorkflowMachine


def dot(machine: WorkflowMachine) -> str:
    """The diagram in the language of graphviz."""
    lines = [f'  "{source}" -> "{target}" [label="{name}"];' for source, target, name in machine.edges()]
    head = [
        "digraph workflow {",
        "  rankdir=LR;",
        '  node [shape=box, style="rounded,filled", fillcolor="#eef6ff", fontname="Helvetica"];',
        '  edge [fontname="Helvetica", fontsize=10];',
        f'  "{machine.workflow.initial}" [penwidth=2];',
    ]
    return "\n".join([*head, *lines, "}", ""])


def draw(source: str, svg: Path) -> None:
    """Write the SVG of a graphviz `source`.

    Raises:
        UserError: graphviz is not installed.
        OSError: `svg` cannot be written.
    """
    program = shutil.which("dot")
    if program is None:
        raise UserError("SVG needs graphviz (`dot` is not on PATH); without --svg the graph is printed as Mermaid.")
    drawn = subprocess.run([program, "-Tsvg"], input=source.encode(), capture_output=True, check=True)  # noqa: S603 - our own source, no shell
    svg.write_bytes(drawn.stdout)


def show_graph(svg: Path | None) -> None:
    """Print the workflow as Mermaid, or write it to `svg`."""
    pack = load_pack()
    if pack.workflow is None:
        raise UserError(f"The pack {pack.manifest.name} has no workflow.yaml.")
    machine = WorkflowMachine(pack.workflow)
    if svg is None:
        sys.stdout.write(machine.mermaid())
    else:
        draw(dot(machine), svg)
