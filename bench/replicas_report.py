"""What bench/replicas.py saw, judged and told: what became of messages when a replica was killed, and who is busy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROGRAMS = ("rasa", "actions", "postgres", "redis", "nginx", "this client")
# What is promised to those whose message the killed replica did not have.
OTHERS_SECONDS = 2.0
# So much of what there is counts as all of it: the kernel works too.
FULL = 0.9


@dataclass(frozen=True)
class Told:
    """One message that was acknowledged: when it was first sent, how long that took, what was read."""

    id: str
    begun: float
    seconds: float
    text: str
    apology: bool

    @property
    def ended(self) -> float:
        """When it was acknowledged."""
        return self.begun + self.seconds


def judged(
    told: Sequence[Sequence[Told]],
    histories: Sequence[Sequence[tuple[str, str]]],
    taken_over: Collection[str],
    turns: int,
    at: float,
) -> dict[str, Any]:
    """Return what became of everyone's messages, a sequence a person, when a replica was killed at `at`.

    `histories` are what is kept of each person: id and reply. `taken_over` are the messages that the killed one had,
    as the database has it: another replica made them its own. `turns` is how many turns the conversations have.
    """
    all_told = [each for person in told for each in person]
    with_it = [each for each in all_told if each.id in taken_over]
    others = [each for each in all_told if each.ended > at and each.id not in taken_over]
    kept = [set(history) for history in histories]
    lost = sum((each.id, each.text) not in theirs for theirs, person in zip(kept, told, strict=True) for each in person)
    return {
        "acknowledged": len(all_told),
        "lost": lost,
        "kept_twice": sum(len(history) - len({id for id, _ in history}) for history in histories),
        # What it had answered and not acknowledged may be a turn more in the conversation; the person reads one reply.
        "turns_made_again": turns - len(all_told),
        "with_the_killed_replica": len(with_it),
        "with_it_longest_s": round(max((each.seconds for each in with_it), default=0.0), 2),
        "with_it_apologies": sum(each.apology for each in with_it),
        "others_after_the_kill": len(others),
        "others_longest_s": round(max((each.seconds for each in others), default=0.0), 2),
        "others_beyond_2_s": sum(each.seconds > OTHERS_SECONDS for each in others),
        "others_apologies": sum(each.apology for each in others),
    }


def saturated(row: Mapping[str, Any], replicas: int, cores: int) -> str:
    """Return what is full in a row of throughput: the machine, Rasa's one process each, or nothing."""
    used: Mapping[str, float] = row["processors"]
    if sum(used.values()) >= FULL * cores:
        return f"the machine ({sum(used.values()):.2f} of {cores} cores)"
    each = used["rasa"] / replicas
    return f"Rasa ({each:.2f} of a core each)" if each >= FULL else f"nothing (Rasa {each:.2f} of a core each)"


def in_words(results: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = [
        "Processor time in ms a message, of each program; messages and times by the clock.",
        "",
        "| replicas | people | messages/s | p50 ms | p95 ms | Rasa | actions | PostgreSQL | Redis | nginx | client |"
        " full |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for replicas, rows in results["throughput"].items():
        for row in rows:
            cells = (round(1000 * row["processors"][name] / row["messages_a_second"], 1) for name in PROGRAMS)
            full = saturated(row, int(replicas), results["processors"])
            numbers = (row["clients"], row["messages_a_second"], row["p50_ms"], row["p95_ms"], *cells, full)
            lines.append(f"| {replicas} | {' | '.join(str(number) for number in numbers)} |")
    lines += ["", "Where a message's time goes, ms by the clock (duanka_stage_seconds):", ""]
    for replicas, rows in results["throughput"].items():
        for row in rows:
            stages = ", ".join(f"{stage} {ms}" for stage, ms in row["stages_ms"].items())
            lines.append(f"- {replicas} × {row['clients']}: {stages}")
    for title, name in (("One person alternates", "alternating"), ("One of two killed with -9 under load", "killed")):
        lines += ["", f"{title}:", ""]
        lines += [f"- {about.replace('_', ' ')}: {value}" for about, value in results[name].items()]
    lines += ["", f"Load before: {results['load_before'][0]:.1f}"]
    return "\n".join(lines) + "\n"
