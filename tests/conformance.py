"""Judges traffic by the vendors' own OpenAPI documents: what was sent, and what the emulator said.

The documents are not part of this repository. They are looked for in `../shared/openapi` beside the checkout, or where
the environment variable VENDOR_OPENAPI points; without them `Conformance.available()` is false and tests skip. They are
`sendgrid/` (github.com/twilio/sendgrid-oai spec/json), `twilio/` (github.com/twilio/twilio-oai spec/json) and
`segment/openapi.yaml` (github.com/segmentio/public-api-sdk-java api/openapi.yaml).
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # no stubs are installed
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from emulator.exchange import RawRequest, RawResponse

DOCUMENTS = Path(os.environ.get("VENDOR_OPENAPI") or Path(__file__).parents[2] / "shared" / "openapi")
MISSING = f"the vendors' OpenAPI documents are not at {DOCUMENTS} (VENDOR_OPENAPI names another place)"

_FILES: dict[str, str] = {
    "api.sendgrid.com": "sendgrid/*.json",
    "api.eu.sendgrid.com": "sendgrid/*.json",
    "api.twilio.com": "twilio/twilio_api_v2010.json",
    "messaging.twilio.com": "twilio/twilio_messaging_v1.json",
    "iam.twilio.com": "twilio/twilio_iam_v1.json",
    "accounts.twilio.com": "twilio/twilio_accounts_v1.json",
    "numbers.twilio.com": "twilio/twilio_numbers_v*.json",
    "lookups.twilio.com": "twilio/twilio_lookups_v*.json",
    "pricing.twilio.com": "twilio/twilio_pricing_v*.json",
    "routes.twilio.com": "twilio/twilio_routes_v*.json",
    "trusthub.twilio.com": "twilio/twilio_trusthub_v*.json",
    "api.segmentapis.com": "segment/openapi.yaml",
    "eu1.api.segmentapis.com": "segment/openapi.yaml",  # the document names only the other host
}

_WITHOUT_DOCUMENT: dict[str, str] = {
    "profiles.segment.com": "https://www.twilio.com/docs/segment/unify/profile-api",
    "profiles.euw1.segment.com": "https://www.twilio.com/docs/segment/unify/profile-api",
    "api.segment.io": "https://www.twilio.com/docs/segment/connections/sources/catalog/libraries/server/http-api",
    "events.eu1.segmentapis.com": "https://www.twilio.com/docs/segment/guides/regional-segment",
}
"""Hosts for which the vendor publishes none, and where it describes them instead: nothing is judged there."""

_SEGMENT_TYPES = [f"application/vnd.segment.{version}+json" for version in ("v1", "v1beta", "v1alpha")]


@dataclass
class Deviation:
    """A known difference between a document and the truth, or a question that the document leaves open."""

    problem: str
    """Regular expression on the whole text of a problem."""
    source: str
    used: int = field(default=0, compare=False)


def known_deviations() -> list[Deviation]:
    return [
        Deviation(
            r"^POST \S*/v3/subusers 200: response: .*'(authorization_token|signup_session_token)'",
            "SendGrid's own how-to shows them: 'Automate Adding Subusers with the SendGrid API'",
        ),
        Deviation(
            r"^GET \S*/v3/api_keys/{api_key_id} 200: response: .*'(api_key_id|name|scopes)'",
            "real replies are flat: github.com/kenzo0107/sendgrid api_key.go reads them so",
        ),
        Deviation(
            r"^\w+ \S*/v3/whitelabel/domains\S* 20[01]: response: (/\d+)?/dns "
            r"('\w+' is a required property|Additional properties are not allowed)",
            "the security of a domain decides on its records, where the document has one kind for each operation",
        ),
        Deviation(
            r"^PATCH \S*/v3/whitelabel/domains/{domain_id} 200: response: .* is not of type 'array'",
            "one object in reality: github.com/kenzo0107/sendgrid authenticated_domain.go reads it so",
        ),
        Deviation(
            r"^\w+ \S*sendgrid\.com\S* (400|401|403|404|406|415|451): .* not in the document",
            "common to all operations: https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses",
        ),
        Deviation(
            r"^POST \S*/Addresses(/{Sid})?\.json 20[01]: request: not a boolean format",
            "AutoCorrectAddress may be empty, says its own description in the document: 'If empty or `true`'",
        ),
        Deviation(
            r"/Tollfree/Verifications\S* 20[012]: response: (/verifications/\d+)?"
            r"/(vetting_provider|business_registration_authority) None",
            "nullable, says twilio_messaging_v1.json beside lists of values without null; examples have one",
        ),
        Deviation(
            r"^GET \S*/v3/send_ips/ips 200: request: invalid literal for int\(\)",
            "`after_key` is an integer in the document, whose own refusal of a wrong one is 'invalid IP address'",
        ),
        Deviation(
            r"^POST \S*/v3/whitelabel/\w+/{id}/validate 200: response: .*'validation_resu",
            "replies were misspelt: github.com/Jericho/StrongGrid Models/DomainValidation.cs reads them so",
        ),
        Deviation(
            r"^PATCH \S*/sources/{sourceId} \d+: request: 'sourceId' is a required property",
            "the document wants the path's parameter in the body as well, without a property of that name",
        ),
        Deviation(
            r"^\w+ \S*segmentapis\.com\S* (401|415): .* not in the document",
            "a call without a valid token cannot get 404, 422 or 429; the document lists nothing else",
        ),
        Deviation(
            r"^PATCH \S*/(destinations|tracking-plans)/{\w+}(/subscriptions/{id})? \d+: request:"
            r" '(destinationId|trackingPlanId)' is a required property",
            "the document wants the path's parameter in the body as well, without a property of that name",
        ),
        Deviation(
            r"^\w+ \S*segmentapis\.com\S* (400|403|406): .* not in the document",
            "the document's own words have a 400 of updateDestination; of features and versions it names no status",
        ),
        Deviation(
            r"^GET \S*segmentapis\.com/spaces \d+: no document has this operation",
            "newer than the document: github.com/segmentio/public-api-sdk-go 73.2.0, api/api_spaces.go, ListSpaces",
        ),
        Deviation(
            r"^(POST|GET) \S*segmentapis\.com/spaces/\w+/audiences/previews\S* \d+: no document has this operation",
            "newer than the document (32.0.4): github.com/segmentio/public-api-sdk-typescript model/audiencePreview.ts",
        ),
        Deviation(
            r"^GET \S*/AvailablePhoneNumbers/\S* 200: response: '\w+' is a required property",
            "no page but the first in the document's own example: beside the numbers, it has `uri` alone",
        ),
        Deviation(
            r"^GET \S*/AvailablePhoneNumbers/\S* 200: response: \S*/l\w+itude '[-\d.]+' is not of type 'number'",
            "strings in the document's own example",
        ),
        Deviation(
            r"^GET \S*/AvailablePhoneNumbers/\S* 200: response: \S*/capabilities .*'([sm]ms|[SM]MS)'",
            "upper case in real replies: github.com/twilio/twilio-node/issues/833",
        ),
        Deviation(
            r"^GET \S*/PhoneNumbers/Countries/{IsoCountry} 200: response: \S*_price '[\d.]+' is not of type 'number'",
            "strings in the document's own example, and by its `overrideType`",
        ),
        Deviation(
            r"^\w+ \S*/IncomingPhoneNumbers\S* 20[01]: response: \S*/sms_application_sid ''",
            "empty where there is none, in the document's own examples",
        ),
        Deviation(
            r"^POST \S*/IncomingPhoneNumbers/{Sid}.json 200: request: /\w+Sid '' (is too short|does not match)",
            "the only null that a form has: https://www.twilio.com/docs/voice/sip/api/emergency-calling-api says 'Set"
            " Emergency Address to Null'",
        ),
    ]


# Twilio's documents have no error bodies; the shape is what github.com/twilio/twilio-python base/version.py reads.
_TWILIO_ERROR = {
    "type": "object",
    "required": ["code", "message", "more_info", "status"],
    "properties": {
        "code": {"type": "integer"},
        "message": {"type": "string"},
        "more_info": {"type": "string", "pattern": r"^https://www\.twilio\.com/docs/errors/\d+$"},
        "status": {"type": "integer"},
    },
    "additionalProperties": False,
}
# The same shape in all of SendGrid's documents, and in Segment's RequestErrorEnvelope.
_OTHER_ERROR = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["message"]}},
        "id": {"type": "string"},
    },
    "additionalProperties": False,
}


@dataclass(frozen=True)
class _Operation:
    template: str
    spec: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]]
    """By lower-case name."""
    api: OpenAPI


def _repair(node: Any) -> None:
    """Makes the documents say what they mean.

    An object of which no property is named (Twilio's `uri-map`, an error's `help`) may have any. Segment writes
    `explode: false` beside `deepObject`, where it has no meaning and openapi-core cannot read the parameter, and
    `deepObject` for plain strings, which are one name and one value.
    """
    if isinstance(node, dict):
        if node.get("style") == "deepObject":
            node["explode"] = True
            if node.get("schema", {}).get("type") == "string":
                node["style"] = "form"
        if node.get("type") == "object" and not {"properties", "additionalProperties", "allOf"} & node.keys():
            node["additionalProperties"] = True
        for child in node.values():
            _repair(child)
    elif isinstance(node, list):
        for child in node:
            _repair(child)


class _Document:
    """One file, and an OpenAPI of one path only for each path that is used: finding the path then costs nothing."""

    def __init__(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        self._whole = yaml.load(text, Loader=yaml.CSafeLoader) if file.suffix == ".yaml" else json.loads(text)
        # SendGrid's documents call themselves 3.1 and use 3.0's `nullable`.
        self._whole["openapi"] = "3.0.3"
        _repair(self._whole)
        self._twilio = file.name.startswith("twilio_")
        # A literal path wins over one with a parameter in the same place.
        self._patterns = [
            (template, re.compile(re.sub(r"\\{[^/]*?\\}", "[^/]+", re.escape(template)) + "$"))
            for template in sorted(self._whole["paths"], key=lambda path: path.count("{"))
        ]
        self._operations: dict[tuple[str, str, str], _Operation] = {}

    def operation(self, host: str, method: str, path: str) -> _Operation | None:
        template = next((template for template, pattern in self._patterns if pattern.match(path)), None)
        if template is None or method.lower() not in self._whole["paths"][template]:
            return None
        key = (host, method, template)
        if key not in self._operations:
            self._operations[key] = self._build(host, method, template)
        return self._operations[key]

    def _build(self, host: str, method: str, template: str) -> _Operation:
        item = self._whole["paths"][template]
        spec = item[method.lower()]
        given = [self._resolved(p) for p in (*item.get("parameters", ()), *spec.get("parameters", ()))]
        bare = {name: value for name, value in spec.items() if name != "security"}
        document = {
            "openapi": self._whole["openapi"],
            "info": self._whole["info"],
            "servers": [{"url": f"https://{host}"}],
            "components": self._whole.get("components", {}),
            "paths": {template: {"parameters": item.get("parameters", []), method.lower(): bare}},
        }
        # Credentials are the emulator's business. Properties that a schema does not name are mistakes; Twilio's
        # replies have every property, which its documents do not say by `required`.
        config = Config(
            spec_validator_cls=None,
            extra_media_type_deserializers=dict.fromkeys(_SEGMENT_TYPES, json.loads),
            additional_properties_default_policy="forbid",
            response_properties_default_policy="required" if self._twilio else "optional",
        )
        return _Operation(
            template, spec, {p["name"].lower(): p for p in given}, OpenAPI.from_dict(document, config=config)
        )

    def _resolved(self, node: Any) -> Any:
        while "$ref" in node:
            target: Any = self._whole
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def form_fields(self, operation: _Operation) -> dict[str, bool]:
        """The names of a form's fields, and whether each may be sent more than once."""
        content = operation.spec.get("requestBody", {}).get("content", {})
        schema = self._resolved(content.get("application/x-www-form-urlencoded", {}).get("schema", {}))
        properties = schema.get("properties", {})
        return {name: self._resolved(field).get("type") == "array" for name, field in properties.items()}


@cache
def _documents(host: str) -> tuple[_Document, ...]:
    return tuple(_document(file) for file in sorted(DOCUMENTS.glob(_FILES[host])))


@cache
def _document(file: Path) -> _Document:
    return _Document(file)


class _Request:
    """A request as openapi-core wants it."""

    def __init__(self, request: RawRequest, host: str) -> None:
        self.host_url = f"https://{host}"
        self.path = request.path
        self.method = request.method.lower()
        self.body = request.body or None
        self.content_type = request.headers.get("Content-Type", "")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(request.query), header=Headers(dict(request.headers)), cookie=ImmutableMultiDict()
        )


class _Response:
    """A response as openapi-core wants it."""

    def __init__(self, response: RawResponse) -> None:
        self.data = response.body
        self.status_code = response.status
        self.content_type = response.headers.get("Content-Type", "")
        self.headers = Headers(dict(response.headers))


def _reasons(error: BaseException) -> Iterator[str]:
    """openapi-core wraps what is wrong in what could not be done because of it."""
    inner = getattr(error, "schema_errors", None)
    if inner is not None:
        for problem in inner:
            where = "".join(f"/{part}" for part in problem.absolute_path)
            yield f"{where} {problem.message}".strip()
    elif error.__cause__ is not None:
        yield from _reasons(error.__cause__)
    else:
        yield str(error)


class Conformance:
    """Give `observer` to an Emulator; `problems` lists what neither a document nor a known deviation explains."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.exchanges = 0
        self.deviations = known_deviations()

    @staticmethod
    def available() -> bool:
        return DOCUMENTS.is_dir()

    @property
    def unused(self) -> list[Deviation]:
        """Deviations that nothing needed: over a whole run, candidates for removal."""
        return [deviation for deviation in self.deviations if not deviation.used]

    def observer(self, request: RawRequest, response: RawResponse) -> None:
        self.exchanges += 1
        if response.status == 501 or request.host in _WITHOUT_DOCUMENT:
            return
        found = self._find(request)
        if found is None:
            self._note(
                f"{request.method} {request.host}{request.path} {response.status}: no document has this operation"
            )
            return
        document, operation = found
        what = f"{request.method} {request.host}{operation.template} {response.status}"
        # A request that the emulator refused may be as wrong as it likes; one that met a fault may not.
        if response.status < 400 or not response.emulated:
            for reason in _request_problems(document, operation, request):
                self._note(f"{what}: request: {reason}")
        if response.emulated:
            for reason in _response_problems(operation, request, response):
                self._note(f"{what}: response: {reason}")

    @staticmethod
    def _find(request: RawRequest) -> tuple[_Document, _Operation] | None:
        for document in _documents(request.host):
            operation = document.operation(request.host, request.method, request.path)
            if operation is not None:
                return document, operation
        return None

    def _note(self, problem: str) -> None:
        for deviation in self.deviations:
            if re.search(deviation.problem, problem):
                deviation.used += 1
                return
        self.problems.append(problem)


def _request_problems(document: _Document, operation: _Operation, request: RawRequest) -> Iterator[str]:
    # Documents let unknown parameters pass; no client has a reason to send one.
    queries = {name for name, parameter in operation.parameters.items() if parameter["in"] == "query"}
    for name, _ in request.query:
        if name.partition("[")[0].lower() not in queries:
            yield f"unknown query parameter {name!r}"
    if "On-Behalf-Of" in request.headers and "on-behalf-of" not in operation.parameters:
        yield "the document offers no on-behalf-of here"
    if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        fields = document.form_fields(operation)
        names = [name for name, _ in parse_qsl(request.body.decode(), keep_blank_values=True)]
        for name in sorted(set(names)):
            if name not in fields:
                yield f"unknown form parameter {name!r}"
            elif names.count(name) > 1 and not fields[name]:
                yield f"form parameter {name!r} was sent more than once"
    if request.body and "requestBody" not in operation.spec:
        yield "the document has no body here"
    for error in operation.api.request_validator.iter_errors(_Request(request, request.host)):
        yield from _reasons(error)


def _response_problems(operation: _Operation, request: RawRequest, response: RawResponse) -> Iterator[str]:
    if response.status >= 400:
        twilio = request.host.endswith(".twilio.com")
        if not twilio and str(response.status) not in operation.spec["responses"]:
            yield "the status is not in the document"
        schema = _TWILIO_ERROR if twilio else _OTHER_ERROR
        for error in Draft202012Validator(schema).iter_errors(json.loads(response.body)):
            yield error.message
        return
    try:
        for problem in operation.api.response_validator.iter_errors(
            _Request(request, request.host), _Response(response)
        ):
            yield from _reasons(problem)
    except OpenAPIError as error:
        yield from _reasons(error)
