"""How Reflex runs Regulars: on one port, without telemetry, with our tokens in Tailwind."""

import reflex as rx
from reflex.constants import StateManagerMode

from app import settings
from app.frame.build import CodeReader, DocumentLanguage

current = settings.current()

TOKENS = [
    "surface",
    "raised",
    "sunk",
    "line",
    "ink",
    "soft",
    "accent",
    "on-accent",
    "accent-tint",
    "good",
    "good-tint",
    "caution",
    "caution-tint",
]
THEME = {
    "colors": {name: f"var(--{name})" for name in TOKENS},
    "fontSize": {
        "display": ["2.875rem", {"lineHeight": "1"}],
        "title": ["1.625rem", {"lineHeight": "1.2"}],
        "section": ["1rem", {"lineHeight": "1.35"}],
        "body": ["0.9375rem", {"lineHeight": "1.45"}],
        "small": ["0.8125rem", {"lineHeight": "1.4"}],
    },
    "borderRadius": {"card": "22px", "panel": "18px", "button": "14px", "chip": "99px"},
}

config = rx.Config(
    app_name="app",
    plugins=[
        rx.plugins.TailwindV4Plugin({"darkMode": "class", "theme": {"extend": THEME}}),
        DocumentLanguage(),
        CodeReader(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    backend_host=current.host,
    frontend_port=current.port,
    backend_port=current.port,
    api_url=current.public_url,
    deploy_url=current.public_url,
    cors_allowed_origins=[current.public_url],
    trusted_proxy_hops=current.trusted_proxy_hops,
    redis_url=current.redis_url or None,
    state_manager_mode=StateManagerMode.REDIS if current.redis_url else StateManagerMode.MEMORY,
)
