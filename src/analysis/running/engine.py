"""The engine that papermill finds by name: ``papermill --engine shuangjian …``.

papermill imports every engine at its start, so this module imports nothing heavy until a notebook is run.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine

QUIET_KERNEL = ("--IPKernelApp.log_level=50",)
"""What keeps a stock kernel's notes (an unencrypted port, an interruption at its end) out of a clerk's window."""


class ShuangjianEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Runs a notebook in a forked child of this process; where that cannot be, as papermill itself does.

    (No fork on other systems than Linux, nor where DuckDB's threads run in this process.)
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        limits: Any = None,
        usage: Any = None,
        **kwargs: Any,
    ) -> None:
        """Check the parameters, then run every cell.

        Beside papermill's own options (`execution_timeout` is the seconds of one cell), `limits` takes the
        `analysis.running.client.Limits` of the notebook, and a `Usage` given as `usage` is filled in.
        """
        from analysis.running.forking import fork_is_safe
        from analysis.running.parameters import settle_parameters

        settle_parameters(nb_man.nb)
        if not fork_is_safe():
            super().execute_managed_notebook(
                nb_man,
                kernel_name,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                start_timeout=start_timeout,
                execution_timeout=execution_timeout,
                **{"extra_arguments": list(QUIET_KERNEL), **kwargs},
            )
            return
        from dataclasses import replace

        from analysis.running.client import ForkedClient, Limits

        limits = limits or Limits()
        if execution_timeout is not None:
            limits = replace(limits, cell_seconds=execution_timeout)
        client = ForkedClient(nb_man, limits, log_output=log_output, stdout_file=stdout_file, stderr_file=stderr_file)
        try:
            client.execute()
        finally:
            if usage is not None:
                usage.cpu, usage.memory, usage.reads = client.usage.cpu, client.usage.memory, client.usage.reads
                usage.put = client.usage.put
