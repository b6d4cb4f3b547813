#!/usr/bin/env python3
"""How good is an early answer? The smallest splitting set by node that is known after a second, beside the best that a general constraint solver finds.

usage: incumbents.py NETWORK.json...    networks as {"nodes": [...]}; sets of validators, no unknown nodes

Needs the built package (`npm run build`) and, for the other column, CP-SAT (`pip install ortools`); without it that column stays empty. Seconds are
of processor time of all threads, so that a busy machine does not change what is compared.
"""
import json, pathlib, resource, subprocess, sys, threading, time

OURS, THEIRS = 1.0, 30.0
MAIN = pathlib.Path(__file__).resolve().parent.parent / "dist/cli/main.js"

try:
    from ortools.sat.python import cp_model
except ImportError:
    cp_model = None

def ours(path):
    """Bounds after the longest time limit with which the command takes at most a second more than it takes to start."""
    known, start, limit = None, None, 0.001
    while True:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = ["node", str(MAIN), "splitting-sets", path, "--format", "json", "--anytime", "--timeout", f"{limit:.3f}"]
        answer = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        start = spent if start is None else start
        if known and spent - start > OURS:
            return known
        known = answer.get("lowerBound", answer["minSize"]), answer["minSize"]
        if answer["isExact"]:
            return known
        limit = max(0.1, limit * 1.3)

def theirs(path):
    """The best size after 30 seconds: two sides, Byzantine nodes in both, one gate a side and quorum set."""
    model, nodes = cp_model.CpModel(), json.loads(pathlib.Path(path).read_text())["nodes"]
    keys = [node["publicKey"] for node in nodes]
    byzantine = {key: model.new_bool_var("") for key in keys}
    sides = []
    for _ in range(2):
        honest = {key: model.new_bool_var("") for key in keys}
        gates = {}
        def gate(quorum_set):
            name = json.dumps(quorum_set)
            if name not in gates:
                entries = [term for key in quorum_set["validators"] for term in (honest[key], byzantine[key])]
                entries += [gate(inner) for inner in quorum_set["innerQuorumSets"]]
                gates[name] = model.new_bool_var("")
                model.add(sum(entries) >= quorum_set["threshold"]).only_enforce_if(gates[name])
            return gates[name]
        for node in nodes:
            model.add_implication(honest[node["publicKey"]], gate(node["quorumSet"]))
            model.add_at_most_one(honest[node["publicKey"]], byzantine[node["publicKey"]])
        model.add_bool_or(honest.values())
        sides.append(honest)
    for key in keys:
        model.add_at_most_one(side[key] for side in sides)
    model.minimize(sum(byzantine.values()))
    solver, begun, is_over = cp_model.CpSolver(), time.process_time(), threading.Event()
    solver.parameters.num_workers = 2
    def watch():
        while not is_over.wait(0.05):
            if time.process_time() - begun > THEIRS:
                solver.stop_search()
    watching = threading.Thread(target=watch)
    watching.start()
    status = solver.solve(model)
    is_over.set()
    watching.join()
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return (round(solver.best_objective_bound), round(solver.objective_value)) if found else None

def text(known):
    if known is None or known[1] is None:
        return "–"
    return f"{known[0]}..{known[1]}" if known[0] < known[1] else str(known[1])

if len(sys.argv) == 1:
    sys.exit(__doc__)
print(f"{'network':20}{'after 1 s':>12}{'CP-SAT, 30 s':>16}", flush=True)
for path in sys.argv[1:]:
    texts = [text(ours(path)), text(theirs(path) if cp_model else None)]
    print(f"{pathlib.Path(path).stem:20}{texts[0]:>12}{texts[1]:>16}", flush=True)
