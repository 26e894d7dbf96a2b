"""The course recipe's step once more, in PyTorch: same networks, batch, losses, augmentation.

Run by ``measure.py``, with the width and the size of a batch, in an interpreter that has PyTorch
(which is no dependency of the course). It reads a number of steps from standard input, plays them,
writes the seconds of each, and so on.
Written as a PyTorch user would: ``nn.Sequential``, ``channels_last``, ``torch.optim.Adam``.
"""

import copy
import itertools
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

LATENT = 64
WIDTH, BATCH = map(int, sys.argv[1:3])


class Reshape(nn.Module):
    """Rows to 4 x 4 feature maps."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``(B, 16 c)`` to ``(B, c, 4, 4)``."""
        return x.view(len(x), -1, 4, 4).contiguous(memory_format=torch.channels_last)


def generator() -> nn.Module:
    """The painter, layer by layer as in ``models.generator``."""
    parts: list[nn.Module] = [nn.Linear(LATENT, 16 * 4 * WIDTH, bias=False), Reshape()]
    for c in (4 * WIDTH, 2 * WIDTH, WIDTH):
        if c < 4 * WIDTH:
            parts.append(nn.ConvTranspose2d(2 * c, c, 4, 2, 1, bias=False))
        parts += [nn.BatchNorm2d(c, eps=1e-5), nn.LeakyReLU(0.2)]
    return nn.Sequential(*parts, nn.ConvTranspose2d(WIDTH, 3, 4, 2, 1), nn.Tanh())


def discriminator() -> nn.Module:
    """The dealer, layer by layer as in ``models.discriminator``."""
    sizes = [3, WIDTH, 2 * WIDTH, 4 * WIDTH]
    parts: list[nn.Module] = []
    for one, two in itertools.pairwise(sizes):
        parts += [nn.Conv2d(one, two, 4, 2, 1), nn.LeakyReLU(0.2)]
    return nn.Sequential(*parts, nn.Flatten(), nn.Linear(16 * 4 * WIDTH, 1))


def augmented(x: torch.Tensor) -> torch.Tensor:
    """Colour and translation, as in ``augment.translate_and_colour``."""
    n, _, height, width = x.shape
    brightness, saturation, contrast = (torch.rand(3, n, 1, 1, 1) - 0.5) * 0.5
    x = x + brightness
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + 2 * saturation)
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * (1 + contrast)
    most = int(height * 0.125 + 0.5)
    shift = torch.randint(-most, most + 1, (2, n, 1))
    rows = torch.arange(height)[None] - shift[0] + most
    columns = torch.arange(width)[None] - shift[1] + most
    padded = F.pad(x, (most,) * 4)  # the paper's way: pad, then gather
    rows, columns = (i.clamp(0, height + 2 * most - 1) for i in (rows, columns))
    batch = torch.arange(n)[:, None, None]
    picked = padded.permute(0, 2, 3, 1)[batch, rows[:, :, None], columns[:, None, :]]
    return picked.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


class Twin:
    """Both players, their optimizers and the averaged painter."""

    def __init__(self) -> None:
        def keep(net: nn.Module) -> nn.Module:
            return net.to(memory_format=torch.channels_last)

        self.g, self.d = keep(generator()), keep(discriminator())
        self.slow = copy.deepcopy(self.g).requires_grad_(False)
        self.d_adam = torch.optim.Adam(self.d.parameters(), 1e-3, betas=(0.5, 0.999))
        self.g_adam = torch.optim.Adam(self.g.parameters(), 1e-3, betas=(0.5, 0.999))
        self.real = torch.rand(BATCH, 3, 32, 32).mul(2).sub(1)
        self.real = self.real.contiguous(memory_format=torch.channels_last)

    def step(self) -> float:
        """One round: the dealer learns, then the painter."""
        with torch.no_grad():
            fake = self.g(torch.randn(BATCH, LATENT))
        real_logits, fake_logits = self.d(augmented(self.real)), self.d(augmented(fake))
        loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
        self.d_adam.zero_grad(set_to_none=True)
        loss.backward()
        self.d_adam.step()

        self.d.requires_grad_(False)  # so that no work is done for weights that stay
        loss = F.softplus(-self.d(augmented(self.g(torch.randn(BATCH, LATENT))))).mean()
        self.g_adam.zero_grad(set_to_none=True)
        loss.backward()
        self.g_adam.step()
        self.d.requires_grad_(True)
        with torch.no_grad():
            slow_state, state = self.slow.state_dict(), self.g.state_dict()
            for slow, fast in zip(slow_state.values(), state.values(), strict=True):
                if slow.is_floating_point():
                    slow.lerp_(fast, 0.001)
        return loss.item()


def main() -> None:
    """Play as many steps as each line of standard input says."""
    torch.manual_seed(0)
    twin = Twin()
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            started = time.perf_counter()
            twin.step()
            seconds.append(time.perf_counter() - started)
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main()
