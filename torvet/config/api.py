"""The API, put together."""

from ninja import NinjaAPI

api = NinjaAPI(title="Torvet", version="1", urls_namespace="api")
