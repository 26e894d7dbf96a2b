"""For /opt/tljh/config/jupyterhub_config.d/course.py: what every student's server is told."""

c = get_config()  # noqa: F821  (JupyterHub gives it)

c.Spawner.environment = {
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # without this, each of thirty networks would start as many threads as the server has cores
    "TF_NUM_INTRAOP_THREADS": "2",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "2",
}
c.Spawner.start_timeout = 120
c.JupyterHub.concurrent_spawn_limit = 10  # thirty students click in the same minute
