"""The edge: what happens to a request before a handler sees it, and to a response after.

See docs/explanation/http-edge.md for the order of the layers and the reasons.
"""

from core.http.addresses import is_public
from core.http.convert import UnknownFields, convert
from core.http.cookies import CookieError, Cookies, parse_cookies, send_cookie
from core.http.csp import REPORT_PATH, CspHosts, CspReport, report_route
from core.http.decode import Decode, TooSlow, form_of
from core.http.errors import ErrorAnswers, ErrorPage, wants_problem
from core.http.fields import Line, Name, Slug, Text, check_text, line_of, name_of, slug_of, text_of
from core.http.form_body import Form
from core.http.forms import FormState, fill_form, read_form, read_request_form
from core.http.headers import SecurityHeaders
from core.http.host import Host, ProxyHeaders, client_address, host_of, network_of, parse_host
from core.http.json_body import parse_json
from core.http.origin import (
    SAFE_METHODS,
    TOKEN_FIELD,
    TOKEN_HEADER,
    check_unsafe,
    cors_origin,
    is_same_origin,
)
from core.http.outbound import Fetched, Outbound, OutboundError, OutboundFailed, OutboundRefused
from core.http.problems import explain
from core.http.redirects import safe_next
from core.http.respond import Problem, html, is_htmx, page_or_part, problem_response, redirect, vary_on
from core.http.routes import RouteFinder, is_written, require_safe_routes

__all__ = [
    "REPORT_PATH",
    "SAFE_METHODS",
    "TOKEN_FIELD",
    "TOKEN_HEADER",
    "CookieError",
    "Cookies",
    "CspHosts",
    "CspReport",
    "Decode",
    "ErrorAnswers",
    "ErrorPage",
    "Fetched",
    "Form",
    "FormState",
    "Host",
    "Line",
    "Name",
    "Outbound",
    "OutboundError",
    "OutboundFailed",
    "OutboundRefused",
    "Problem",
    "ProxyHeaders",
    "RouteFinder",
    "SecurityHeaders",
    "Slug",
    "Text",
    "TooSlow",
    "UnknownFields",
    "check_text",
    "check_unsafe",
    "client_address",
    "convert",
    "cors_origin",
    "explain",
    "fill_form",
    "form_of",
    "host_of",
    "html",
    "is_htmx",
    "is_public",
    "is_same_origin",
    "is_written",
    "line_of",
    "name_of",
    "network_of",
    "page_or_part",
    "parse_cookies",
    "parse_host",
    "parse_json",
    "problem_response",
    "read_form",
    "read_request_form",
    "redirect",
    "report_route",
    "require_safe_routes",
    "safe_next",
    "send_cookie",
    "slug_of",
    "text_of",
    "vary_on",
    "wants_problem",
]
