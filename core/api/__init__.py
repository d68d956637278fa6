"""REST: `/api/v1` for posts, pages, other types of content, terms and people, with its OpenAPI document.

Besides the routes, what plugins make theirs with: strict parameters, cursors, answers with tags, and
the documentation of problems. `docs/reference/api.md` has the rules.
"""

from core.api.changes import begin_change
from core.api.document import PARAMETERS, document_of, openapi_config
from core.api.names import api_names
from core.api.paging import base_url, page_answer, read_cursor, write_cursor
from core.api.parameters import (
    BadParameters,
    ListParameters,
    NoParameters,
    Number,
    NumberIn,
    SearchText,
    read_parameters,
)
from core.api.present import whole_url
from core.api.problems import READS, WRITES, may_answer
from core.api.respond import answer, created
from core.api.routes import api_routes
from core.api.shapes import AuthorRef, Page

__all__ = [
    "PARAMETERS",
    "READS",
    "WRITES",
    "AuthorRef",
    "BadParameters",
    "ListParameters",
    "NoParameters",
    "Number",
    "NumberIn",
    "Page",
    "SearchText",
    "answer",
    "api_names",
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
    "whole_url",
    "write_cursor",
]
