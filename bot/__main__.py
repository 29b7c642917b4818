"""The `duanka` command: registers the verbs, nothing else."""

from __future__ import annotations

import typer

from bot.commands import (
    backup,
    evaluate,
    gaps,
    knowledge,
    purge,
    replica,
    run,
    search,
    staff,
    status,
    wechat,
    widget,
    wordings,
)

app = typer.Typer(help="断卡问答", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(replica.app, name="serve")
app.add_typer(widget.app, name="widget")
app.add_typer(staff.app, name="staff")
app.add_typer(wechat.app, name="wechat")
app.add_typer(wordings.app, name="wordings")
run.register(app)
search.register(app)
evaluate.register(app)
gaps.register(app)
backup.register(app)
purge.register(app)
status.register(app)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
