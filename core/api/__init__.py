"""REST: `/api/v1` for posts, pages, other types of content, terms and people, with its OpenAPI document."""

from core.api.changes import begin_change
from core.api.document import PARAMETERS, document_of, openapi_config
from core.api.paging import base_url, page_answer, read_cursor, write_cursor
from core.api.parameters import (
    ListParameters,
    NoParameters,
    Number,
    NumberIn,
    SearchText,
    read_parameters,
)
from core.api.problems import READS, WRITES, may_answer
from core.api.respond import answer, created
from core.api.routes import api_routes

__all__ = [
    "PARAMETERS",
    "READS",
    "WRITES",
    "ListParameters",
    "NoParameters",
    "Number",
    "NumberIn",
    "SearchText",
    "answer",
    "api_routes",
    "base_url",
    "begin_change",
    "created",
    "document_of",
    "may_answer",
    "openapi_config",
    "page_answer",
    "read_cursor",
    "read_parameters",
    "write_cursor",
]
