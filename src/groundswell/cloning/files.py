"""Where the files of cloning live in the models folder."""

from pathlib import Path


def encoder_path(models_dir: Path) -> Path:
    """The speaker encoder's weights."""
    return models_dir / "speaker-encoder" / "pretrained.pt"
