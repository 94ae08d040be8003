"""Descriptions that are small and ask for much."""


def doubling(levels: int) -> str:
    """Return a text in which a substitution stands for 2 ** levels others."""
    lines = [f".. |A {n}| replace:: |a  {n + 1}| |a {n + 1}|" for n in range(levels)]
    lines.append(f".. |a {levels}| replace:: x")
    return "\n".join([*lines, "", "|a 0|", ""])
