"""How many examples Hypothesis tries."""

import hypothesis

hypothesis.settings.register_profile(
    "bounded",
    deadline=None,
    max_examples=200,
    print_blob=True,
    # Of the fixtures, only `tmp_path` is there to write to, always the same file.
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("bounded")
