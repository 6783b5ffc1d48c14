"""Replies: how many are taken, whether one is ever lost, what readers notice of it, and what a long thread and a long
queue cost."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench.discussion import WORDS
from bench.load import Load, may_go_first, parse, start, wrk
from bench.machine import cpu_seconds, kinds
from bench.misses import STEADY_CONNECTIONS, STEADY_PAUSE_MILLISECONDS, delay, script_of
from bench.pairs import middle, ratio, turn_about
from bench.report import Report, milliseconds, rate
from bench.site import WORK, Site, made

SETTINGS = """\
comments = "open"
comments_close_days = 0
comments_surge = 0
trusted_proxies = ["127.0.0.1"]
app_workers = 2
"""
"""Many writers stand behind the one address that the load comes from, as behind a proxy; one app process a core."""
WRITERS = 16
"""Connections that send replies as fast as they are taken."""
PACED = 200
"""Replies a second in the measurement of readers."""
PACED_CONNECTIONS = 200
"""Each pauses about a second before a reply, some shorter, some longer: so many people do not write at one stroke."""
ANSWER_MILLISECONDS = 260
"""What of that goes by waiting, for an answer and at the beginning, so that as many arrive as are meant to."""
RAMP_SECONDS = 2
"""Until all of them have begun."""
TALKED_ABOUT = 12
FEW, MANY = 50, 10_000
SHOWN = ((1, FEW), (5, 5 * FEW))
"""Replies to the article alone, of which a page shows fifty; and each with four under it, a page of 250."""
QUEUE_FEW, QUEUE_MANY = 600, 60_000
SETTLE_SECONDS = 120.0
Turns = Sequence[tuple[Load, Load]]
SCRIPT = """\
local subjects = { %(subjects)s }
local words = { %(words)s }
local n, acks = 0, nil
init = function(args) acks = io.open("%(acks)s", "a"); acks:setvbuf("line"); math.randomseed(%(seed)d) end
request = function()
  n = n + 1
  local said = {}
  for i = 1, 24 do said[i] = words[math.random(#words)] end
  local body = "name=Reader+" .. n .. "&email=r%(seed)d-" .. n .. "%%40example.org&website=&surname=&send=1"
    .. "&once=a-secret-of-this-form-%(seed)d-" .. n .. "&text="
    .. table.concat(said, "+") .. "+" .. n
  local from = (11 + %(seed)d) .. "." .. math.floor(n / 250) %% 250 .. "." .. n %% 250 .. ".7"
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded", ["X-Forwarded-For"] = from }
  return wrk.format("POST", "/-/replies/to/" .. subjects[n %% #subjects + 1] .. "/", headers, body)
end
response = function(status, headers, body)
  if status == 302 then acks:write((headers["location"] or headers["Location"]) .. "\\n") end
end
%(pace)s
"""


def measure(site: Site) -> Report:
    """Replies by HTTP to a tree of their own; then a long thread and a long queue, at rest."""
    plan = replace(site.plan, few=max(60, site.plan.few // 5))
    with made(plan, "replies", plan.few, settings=SETTINGS) as own:
        talk = own.editor.ask("subjects", count=TALKED_ABOUT + 4)
        report = Report(
            "Replies",
            "200 accepted a second and none lost; readers' 99 of 100 within 3 times the quiet time; the first page of "
            "a long thread within 1.2, a long queue within 1.5 times the short one.",
            ("", "with", "without", "ratio, median (least–most)"),
        )
        with own.served():
            _settled(own)
            keys = [key for key, _path in talk[4:]]
            report.rows += _accepted(own, keys, report.notes)
            report.rows += _beside(own, keys, report.notes)
        for each, few in SHOWN:
            report.rows += _threads(own, talk[:2] if each == 1 else talk[2:4], each, few)
        report.rows += _queues(own, talk[0][0])
        report.notes += [
            f"Replies come from {WRITERS} connections, each from a new writer with a mail address that is still to be",
            f"confirmed, to {TALKED_ABOUT} articles; each is judged, stored, baked and mailed (into files) meanwhile.",
            "Lost is what was answered with its writer's link and whose link opens nothing afterwards.",
        ]
    return report


def _accepted(site: Site, keys: Sequence[str], notes: list[str]) -> list[Sequence[str]]:
    """Replies taken a second, quiet and with kills; what was acknowledged is there."""
    seconds = max(site.plan.seconds * 2, 6)
    acks = WORK / "acks"
    wrk(site.running.url("/"), 2, connections=4, script=_script(keys, acks, 0), headers=())  # warm
    processes = kinds(site.running.pid)
    before = {kind: cpu_seconds(pids) for kind, pids in processes.items()}
    quiet = wrk(site.running.url("/"), seconds, connections=WRITERS, script=_script(keys, acks, 1), headers=())
    taken = max(1.0, _taken(quiet, seconds) * seconds)
    spent = {kind: (cpu_seconds(pids) - before[kind]) / taken for kind, pids in processes.items()}
    costs = ", ".join(f"{kind} {milliseconds(each)}" for kind, each in spent.items())
    notes.append(f"Processor time a reply, without kills: {costs}; mails that still waited then are not in it.")
    running = start(site.running.url("/"), seconds * 2, connections=WRITERS, script=_script(keys, acks, 2))
    for name in ("app", "worker"):
        time.sleep(seconds / 2)
        notes.append(f"{_kill(site, name)} processes of the kind “{name}” were killed with signal 9 meanwhile.")
    killed = parse(running.communicate()[0])
    _settled(site)
    found = site.editor.ask("lost", file=str(acks))
    notes.append(f"{found['stored']:,} replies were stored: {found['approved']:,} approved, {found['held']:,} held.")
    return [
        ("replies accepted, with kills / without", rate(_taken(killed, seconds * 2)), rate(_taken(quiet, seconds)), ""),
        ("99 of 100 answered within", milliseconds(killed.p99), milliseconds(quiet.p99), ""),
        ("not accepted, with kills / without", f"{killed.failures:,}", f"{quiet.failures:,}", ""),
        (
            "acknowledged with and without kills, and lost of them",
            f"{found['acknowledged']:,}",
            f"{found['lost']:,}",
            "",
        ),
    ]


def _taken(load: Load, seconds: float) -> float:
    return load.rate - load.failures / seconds


def _beside(site: Site, keys: Sequence[str], notes: list[str]) -> list[Sequence[str]]:
    """Readers of an article and of its replies while others send 200 replies a second."""
    seconds = max(site.plan.seconds, 3)
    readers = script_of("readers.lua", [site.article], STEADY_PAUSE_MILLISECONDS)
    url = site.running.url(site.article)
    sent: list[Load] = []

    def quiet() -> Load:
        return wrk(url, seconds, connections=STEADY_CONNECTIONS, script=readers, goes_first=True)

    def busy() -> Load:
        script = _script(keys, WORK / "acks-paced", 10 + len(sent), pause=pause)
        others = start(site.running.url("/"), seconds + RAMP_SECONDS + 1, connections=PACED_CONNECTIONS, script=script)
        time.sleep(RAMP_SECONDS)
        load = quiet()
        sent.append(parse(others.communicate()[0]))
        _settled(site)
        return load

    pause = PACED_CONNECTIONS * 1000 // PACED - ANSWER_MILLISECONDS
    baked = script_of("others.lua", ["/"], pause + ANSWER_MILLISECONDS, is_even=False)

    def beside_reading() -> Load:
        """The share of the load generator: as many requests, which the front answers by itself."""
        others = start(site.running.url("/"), seconds + RAMP_SECONDS + 1, connections=PACED_CONNECTIONS, script=baked)
        time.sleep(RAMP_SECONDS)
        load = quiet()
        others.communicate()
        return load

    quiet()
    pairs = turn_about(site.plan.pairs, busy, quiet)
    controls = turn_about(site.plan.pairs, beside_reading, quiet)
    arrived = middle([load.rate for load in sent])
    notes.append(
        f"Beside readers {arrived:.0f} replies arrived a second, {sum(x.failures for x in sent)} were refused."
    )

    notes.append(
        "What measures readers runs in real time, as on a machine of its own."
        if may_go_first()
        else "What measures readers had to wait for a processor like everything else here."
    )

    def row(name: str, found: Turns, value: Callable[[Load], float], shown: Callable[[float], str]) -> Sequence[str]:
        sides = [shown(middle([value(pair[side]) for pair in found])) for side in (0, 1)]
        return (name, *sides, str(ratio(found, value)))

    return [
        row(f"readers beside {PACED} replies a second: 99 of 100", pairs, lambda x: x.p99, milliseconds),
        row("readers beside them: requests", pairs, lambda x: x.rate, rate),
        row(f"readers beside {PACED} requests for a baked page: 99 of 100", controls, lambda x: x.p99, milliseconds),
    ]


def _threads(site: Site, talk: Sequence[Sequence[str]], each: int, few_count: int) -> list[Sequence[str]]:
    """The first page of a thread of ten thousand against one that shows as many replies and has no more.

    Args:
        each: a reply to the article, with those under it.
    """
    (many, many_path), (few, few_path) = talk
    site.editor.ask("discuss", subject=many, count=MANY, each=each)
    site.editor.ask("discuss", subject=few, count=few_count, each=each)
    what = f"first page of {MANY:,} replies / of {few_count}, {'in threads' if each > 1 else 'one after the other'}"
    costs = turn_about(
        site.plan.pairs,
        lambda: site.editor.ask("thread_cost", subject=many),
        lambda: site.editor.ask("thread_cost", subject=few),
    )
    rows: list[Sequence[str]] = [
        (
            f"{what}: {name}",
            shown(middle([pair[0][key] for pair in costs])),
            shown(middle([pair[1][key] for pair in costs])),
            str(ratio(costs, lambda cost, key=key: cost[key])),  # type: ignore[misc]
        )
        for key, name, shown in (
            ("render", "render", milliseconds),
            ("bake", "bake", milliseconds),
            ("derive", "derive one more reply", milliseconds),
            ("queries", "queries", lambda number: f"{number:.0f}"),
            ("shown", "replies on it", lambda number: f"{number:.0f}"),
        )
    ]
    with site.served() as running:
        seconds = max(site.plan.seconds / 2, 2)
        loads = turn_about(
            site.plan.pairs,
            lambda: wrk(running.url(f"{many_path}comments/"), seconds),
            lambda: wrk(running.url(f"{few_path}comments/"), seconds),
        )
    few_rate, many_rate = (middle([pair[side].rate for pair in loads]) for side in (1, 0))
    slower = str(ratio(loads, lambda load: 1 / load.rate))
    rows.append((f"{what}: HTTP", rate(many_rate), rate(few_rate), slower))
    return rows


def _queues(site: Site, subject: str) -> list[Sequence[str]]:
    """The moderators' screens with 60,000 held replies against 600."""
    few = QUEUE_FEW
    many = QUEUE_MANY if site.plan.pairs > 2 else QUEUE_MANY // 10
    site.editor.ask("hold", subject=subject, count=few)
    short = site.editor.ask("queue_costs")
    site.editor.ask("hold", subject=f"{subject}0000", count=many - few)
    long = site.editor.ask("queue_costs")
    return [
        (
            f"{many:,} held / {few}: {name}",
            f"{milliseconds(long[name]['cpu'])}, {long[name]['queries']:.0f} queries",
            f"{milliseconds(short[name]['cpu'])}, {short[name]['queries']:.0f} queries",
            f"{long[name]['cpu'] / short[name]['cpu']:.2f}",
        )
        for name in short
    ]


def _script(keys: Sequence[str], acks: Path, seed: int, pause: int = 0) -> Path:
    file = WORK / f"replies-{seed}.lua"
    values = {
        "subjects": ", ".join(f'"{key}"' for key in keys),
        "words": ", ".join(f'"{word}"' for word in WORDS),
        "acks": acks,
        "seed": seed,
        "pace": delay(pause) if pause else "",
    }
    file.write_text(SCRIPT % values)
    return file


def _kill(site: Site, name: str) -> int:
    """Kill every process of a kind at once; returns how many."""
    found = kinds(site.running.pid).get(name, [])
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return len(found)


def _settled(site: Site) -> None:
    """Wait until an app process answers, and the tree has derived and baked what there was."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while site.running.get("/desk/login/")[0] == 503 and time.monotonic() < deadline:
        time.sleep(0.2)
    while site.editor.ask("waiting") and time.monotonic() < deadline:
        time.sleep(0.2)
