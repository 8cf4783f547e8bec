"""Where the keys of the PIN pad are: the last question before a release keeps clear of them."""


def pad_width(window: float, u: float) -> float:
    """The width of the keys on a landscape display, in pixels.

    Args:
        window: the window's width.
        u: the base size (see `theme`).
    """
    return min(window * 0.48, round(520 * max(u, 0.8)))
