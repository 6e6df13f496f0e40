"""What an operator may choose: the settings (`tables.py`), and one TOML file checked when it is read (`loading.py`)."""

from bot.config.loading import ConfigError, load_settings
from bot.config.tables import Settings

__all__ = ["ConfigError", "Settings", "load_settings"]
