"""An Airflow DAG that makes what is owed each working day.

The work is one command that may be repeated at will, so the DAG has one task and Airflow's own retries take a run up
where it stopped. Airflow itself is no requirement of the suite: copy this file to the scheduler's folder of DAGs and
set the variable ``shuangjian_house`` to the project's folder on the machine that runs the task.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG(
    dag_id="shuangjian_due",
    description="Make the reports and letters that are owed today",
    schedule="30 6 * * 1-6",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=10)},
):
    BashOperator(
        task_id="due",
        cwd="{{ var.value.shuangjian_house }}",
        bash_command=".venv/bin/shuangjian due --run --on {{ data_interval_end | ds }}",
    )
