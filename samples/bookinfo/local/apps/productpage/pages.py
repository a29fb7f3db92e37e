# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What productpage answers: the page that joins details and reviews, and the same as JSON."""

import html
import json
from typing import Any, NamedTuple

from faults import Fault
from upstream import Response, Upstream

PRODUCT = {
    "id": 0,
    "title": "The Comedy of Errors",
    "descriptionHtml": "One of Shakespeare's early plays: two pairs of twins, parted at birth, and one long day in Ephesus.",
}

# What a program has to pass on so that one request can be followed through the mesh.
PROPAGATED_HEADERS = (
    "x-request-id",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-flags",
    "b3",
    "x-ot-span-context",
    "traceparent",
    "tracestate",
    "end-user",
    "user-agent",
)


class Answer(NamedTuple):
    """One response to the caller."""

    status: int
    content_type: str
    body: bytes


class Pages:
    """Routes bookinfo's paths; a service that fails makes the page a 503, so that a load generator sees it."""

    def __init__(self, details: Upstream, reviews: Upstream, ratings: Upstream) -> None:
        self._details = details
        self._reviews = reviews
        self._ratings = ratings

    def answer(self, path: str, headers: dict[str, str], fault: Fault) -> Answer:
        """Answers one request; `fault` delays this program's own calls, which get the query of the API's paths."""
        passed_on = {name: headers[name] for name in PROPAGATED_HEADERS if name in headers}
        path, mark, query = path.partition("?")
        query = mark + query
        match path.rstrip("/").split("/")[1:]:
            case ["health"]:
                return _json(200, {"status": "Product page is healthy"})
            case [] | ["index.html"] | ["productpage"]:
                return self._page(passed_on, fault)
            case ["api", "v1", "products"]:
                return _json(200, [PRODUCT])
            case ["api", "v1", "products", product]:
                return _relay(self._details.get(f"/details/{product}{query}", passed_on, fault))
            case ["api", "v1", "products", product, "reviews"]:
                return _relay(self._reviews.get(f"/reviews/{product}{query}", passed_on, fault))
            case ["api", "v1", "products", product, "ratings"]:
                return _relay(self._ratings.get(f"/ratings/{product}{query}", passed_on, fault))
        return _json(404, {"error": f"no such path: {path}"})

    def _page(self, headers: dict[str, str], fault: Fault) -> Answer:
        product = PRODUCT["id"]
        details = self._details.get(f"/details/{product}", headers, fault)
        reviews = self._reviews.get(f"/reviews/{product}", headers, fault)
        status = 200 if details.status == 200 and reviews.status == 200 else 503
        page = (
            f"<!DOCTYPE html><html><head><title>{PRODUCT['title']}</title></head><body>"
            f"<h1>{PRODUCT['title']}</h1><p>{html.escape(str(PRODUCT['descriptionHtml']))}</p>"
            f"{_details_section(details)}{_reviews_section(reviews)}</body></html>\n"
        )
        return Answer(status, "text/html; charset=utf-8", page.encode())


def _details_section(response: Response) -> str:
    if response.status != 200:
        return "<h2>Book details</h2><p>Sorry, product details are currently unavailable for this book.</p>"
    rows = "".join(
        f"<dt>{html.escape(str(name))}</dt><dd>{html.escape(str(value))}</dd>"
        for name, value in json.loads(response.body).items()
    )
    return f"<h2>Book details</h2><dl>{rows}</dl>"


def _reviews_section(response: Response) -> str:
    if response.status != 200:
        return "<h2>Book reviews</h2><p>Sorry, product reviews are currently unavailable for this book.</p>"
    answer = json.loads(response.body)
    rows = "".join(_review(review) for review in answer["reviews"])
    return f"<h2>Book reviews</h2>{rows}<p>Reviews served by: {html.escape(answer['podname'])}</p>"


def _review(review: dict[str, Any]) -> str:
    rating = review.get("rating", {})
    stars = ""
    if "stars" in rating:
        stars = f"<span style='color:{html.escape(rating['color'])}'>{'&#9733;' * int(rating['stars'])}</span>"
    elif "error" in rating:
        stars = html.escape(rating["error"])
    return f"<blockquote>{html.escape(review['text'])} <small>{html.escape(review['reviewer'])}</small> {stars}</blockquote>"


def _relay(response: Response) -> Answer:
    if response.status == 0:
        return _json(503, {"error": "the service did not answer"})
    return Answer(response.status, "application/json", response.body)


def _json(status: int, value: object) -> Answer:
    return Answer(status, "application/json", json.dumps(value).encode())
