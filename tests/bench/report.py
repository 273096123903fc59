"""The results as Markdown and JSON."""

import json
import os
import platform
import subprocess


def _machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{models[0] if models else platform.machine()}, {len(os.sched_getaffinity(0))} CPUs, load {os.getloadavg()[0]:.1f}"


def _version():
    told = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"


def markdown(results, made, options):
    lines = ["# Benchmark", "",
             f"`script/bench{' --quick' if options.quick else ''}`, version {_version()}, {_machine()}; medians of {options.rounds} rounds in turn "
             f"(tshark and other slow peers: fewer), page cache warm{', bars and ns by processor time' if options.cpu else ''}. "
             "Absolute times are this machine's; the ratios count.", "",
             *(f"- *{name}*: {made[name]['file_bytes'] / 2**20:.0f} MiB, {made[name]['packets']:,} packets, mean "
               f"{made[name]['wire_bytes'] / made[name]['packets']:.0f} B, {made[name].get('sessions', made[name].get('flows')):,} flows"
               for name in ("mixed", "small", "quarter", "slice", "ordinary")), "", "## Bars", "",
             "| job | figure | bar | now | |", "|---|---|---|---|---|"]
    for result in results:
        for bar in result["bars"]:
            lines.append(f"| {result['job']} | {bar['bar']} | ≤ {bar['limit']:.3g} | {bar['value']:.3g} | {'yes' if bar['met'] else '**no**'} |")
    lines += ["", "## Figures", ""]
    for result in results:
        fastest = next((f for name, f in result["figures"].items() if f["ours"]), None)
        lines += [f"### {result['job']}", "", "| | s | × first of ours | CPU s | ns a packet | peak MiB |", "|---|---|---|---|---|---|"]
        for name, figure in result["figures"].items():
            ratio = figure["wall"] / fastest["wall"] if fastest else 1
            each = f"{figure['ns_per_packet']:.1f}" if "ns_per_packet" in figure else ""
            lines.append(f"| {name} | {figure['wall']:.4f} | {ratio:.2f} | {figure['cpu']:.4f} | {each} | {figure['peak_mib']:.1f} |")
        if not result["agrees"]:
            lines.append(f"\n**The answers differ or ours failed**: {result['answers']} {result['failed']}")
        lines.append("")
    return "\n".join(lines)


def write(text, results, options, root):
    for name, content in (("results.md", text), ("results.json", json.dumps(results, indent=1))):
        with open(os.path.join(options.dir, name), "w", encoding="utf-8") as file:
            file.write(content)
    if options.keep:
        with open(os.path.join(root, "tests", "bench", "RESULTS.md"), "w", encoding="utf-8") as file:
            file.write(text)
