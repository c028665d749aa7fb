"""The discrete cosine transform of ``scipy.fftpack``, in numpy alone, equal to the last bit.

The law: for 64 x 64 matrices of eight-bit samples ``low_frequencies`` equals the corner of
``scipy.fftpack.dct(scipy.fftpack.dct(m, axis=0), axis=1)`` bit for bit, so that a fingerprint does not depend on who
computed it, even where a symmetric picture's coefficients are zero up to rounding and rounding decides the bits.

Importing ``scipy.fftpack`` costs a cold command about 280 ms of CPU, this module nothing that numpy had not cost
already.

The method: a DCT-II of even length N is one inverse real FFT of length N over sums and differences of neighbours,
followed by N/2 rotations (J. Makhoul, "A fast cosine transform in one and two dimensions", IEEE Trans. ASSP 28(1),
1980, in the half-complex form of FFTPACK's ``cosqb``). scipy and numpy share the FFT itself (pocketfft); what is
repeated here is the order of the few operations around it and the factors' own rounding: they are products of two
table entries. Where a compiler fuses multiplications with additions (builds for ARM), the last bits may differ from
scipy's; then only bits whose coefficient lies within rounding of the median can differ, and the quality counts those
as undecided.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from archiver.fingerprint.algorithm import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOW = 16
"""Low frequencies kept along each axis: the hash size."""


def _direction(step: int, full_turn: int) -> tuple[float, float]:
    """Cosine and sine of ``step`` / ``full_turn`` of a turn, up to a quarter of a turn.

    Beyond an eighth of a turn they come from the complement, whose argument is small and so exact.
    """
    eighth = 0.25 * math.pi / full_turn
    if 8 * step < full_turn:
        return math.cos(8 * step * eighth), math.sin(8 * step * eighth)
    rest = 2 * full_turn - 8 * step
    return math.sin(rest * eighth), math.cos(rest * eighth)


def _factors(length: int) -> NDArray[np.float64]:
    """cos(2π k / 4N) for k = 1 … N, each rounded as the product of a fine and a coarse step of 16."""
    full_turn, coarse = 4 * length, 16
    fine_steps = [_direction(step, full_turn) for step in range(coarse)]
    coarse_steps = [_direction(step, full_turn) for step in range(0, length + 1, coarse)]
    return np.array(
        [
            fine_steps[k % coarse][0] * coarse_steps[k // coarse][0]
            - fine_steps[k % coarse][1] * coarse_steps[k // coarse][1]
            for k in range(1, length + 1)
        ]
    )


_FACTORS = _factors(SIDE)


def _transform(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """The unnormalised DCT-II along the last axis, of length ``SIDE``."""
    half = SIDE // 2
    spectrum = np.zeros((*samples.shape[:-1], half + 1), dtype=np.complex128)
    odd, even = samples[..., 1 : SIDE - 1 : 2], samples[..., 2:SIDE:2]
    spectrum.real[..., 0] = 2 * samples[..., 0]
    spectrum.real[..., 1:half] = odd + even
    spectrum.imag[..., 1:half] = even - odd
    spectrum.real[..., half] = 2 * samples[..., SIDE - 1]
    folded = np.fft.irfft(spectrum, SIDE, norm="forward")

    rising = np.arange(1, half)
    falling = SIDE - rising
    near, far = folded[..., rising], folded[..., falling]
    sine, cosine = _FACTORS[falling - 1], _FACTORS[rising - 1]
    plus, minus = cosine * far + sine * near, cosine * near - sine * far
    result = np.empty_like(folded)
    result[..., 0] = folded[..., 0]
    result[..., rising] = 0.5 * (plus + minus)
    result[..., falling] = 0.5 * (plus - minus)
    result[..., half] = folded[..., half] * _FACTORS[half - 1]
    return result


def low_frequencies(matrices: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The lowest frequencies of one or more matrices.

    Args:
        matrices: eight-bit luma, shape (…, 64, 64), rows before columns.

    Returns:
        Unnormalised DCT-II coefficients, shape (…, 16, 16), vertical frequency before horizontal.
    """
    samples = matrices.astype(np.float64)
    down = _transform(samples.swapaxes(-1, -2))[..., :LOW].swapaxes(-1, -2)
    return _transform(down)[..., :LOW]
