"""Something on each site for the tests of whole routes."""
from litestar import Litestar
async def fill(app: Litestar, site: str) -> None:
    pass
