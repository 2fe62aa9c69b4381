"""The normalisations of the generator, each by given statistics or by those it measures.

Source: Huang and Belongie, AdaIN (2017).
"""

from dataclasses import dataclass

import numpy as np
from onnx import helper, numpy_helper

from groundswell.synthesis.accelerated import OWN, USED
from groundswell.synthesis.graph import GENERATOR, Graph, Part
from groundswell.synthesis.masks import mask_of, mean_over_time

_LEAST_VARIANCE = 1e-5


@dataclass(slots=True)
class Site:
    """One AdaIN: y = (x - mean) / deviation * scale + shift."""

    prefix: str
    x: str
    mean: str
    deviation: str
    scale: str
    shift: str
    output: str
    channels: int


def find_sites(graph: Graph) -> list[Site]:
    """Every normalisation of the generator; those of one tensor share what is measured."""
    sites = []
    for node in graph.nodes:
        normal = next((name for name in node.input if name.endswith("Div_1_output_0")), "")
        if node.op_type != "Mul" or not normal.startswith(GENERATOR) or "/adain" not in normal:
            continue
        prefix = node.output[0].rpartition("/")[0] + "/"
        shifted = graph.users[node.output[0]][0]
        centred, deviation = graph.maker[normal].input
        x, mean = graph.maker[centred].input
        bias = graph.weights[f"{prefix.strip('/').replace('/', '.')}.fc.bias"]
        sites.append(
            Site(
                prefix=prefix,
                x=x,
                mean=mean,
                deviation=deviation,
                scale=next(name for name in node.input if name != normal),
                shift=next(name for name in shifted.input if name not in node.output),
                output=shifted.output[0],
                channels=bias.dims[0] // 2,
            )
        )
    assert sites, "no normalisation found"
    return sites


def adaptive(site: Site) -> Part:
    """The site with factor and offset given (``own`` 0) or measured (``own`` 1).

    Differences are written as sums with a negated term: a runtime that runs some operations in a
    lower precision turns a difference into a sum of its own making, and forgets its precision.
    """
    p = f"{site.prefix}{OWN}"
    used_factor, used_offset = (f"{site.prefix}{USED}{name}" for name in ("factor", "offset"))
    mask = mask_of(site.prefix)
    given_factor, given_offset = f"{site.prefix}factor", f"{site.prefix}offset"
    scaled = f"{site.prefix}scaled"
    centre = [
        ("Mul", [f"{p}mean", "own_minus"], "negated"),
        ("Add", [site.x, f"{p}negated"], "centred"),
        ("Mul", [f"{p}centred", f"{p}centred"], "squared"),
    ]
    steps = [
        ("Add", [f"{p}variance", "own_least"], "raised"),
        ("Sqrt", [f"{p}raised"], "deviation"),
        ("Div", [site.scale, f"{p}deviation"], "factor"),
        ("Mul", [f"{p}negated", f"{p}factor"], "moved"),
        ("Add", [site.shift, f"{p}moved"], "offset"),
    ]
    for name, given in (("factor", given_factor), ("offset", given_offset)):
        steps += [
            ("Mul", [given, "own_minus"], f"less_{name}"),
            ("Add", [f"{p}{name}", f"{p}less_{name}"], f"more_{name}"),
            ("Mul", [f"{p}more_{name}", "own"], f"added_{name}"),
            ("Add", [given, f"{p}added_{name}"], USED.removeprefix(OWN) + name),
        ]

    def nodes(listed: list[tuple[str, list[str], str]]) -> Part:
        return [
            helper.make_node(kind, reads, [p + out], name=p + out) for kind, reads, out in listed
        ]

    return [
        *mean_over_time(site.x, mask, f"{p}mean"),
        *nodes(centre),
        *mean_over_time(f"{p}squared", mask, f"{p}variance"),
        *nodes(steps),
        helper.make_node("Mul", [site.x, used_factor], [scaled], name=scaled),
        helper.make_node("Add", [scaled, used_offset], [site.output], name=site.output),
        numpy_helper.from_array(np.array(-1, np.float32), "own_minus"),
        numpy_helper.from_array(np.array(_LEAST_VARIANCE, np.float32), "own_least"),
    ]
