"""What a route asks for, in the words of the OpenAPI document."""

from litestar.openapi.spec import SecurityRequirement

PERSON: list[SecurityRequirement] = [{"personBearer": []}, {"personCookie": []}]
STAFF: list[SecurityRequirement] = [{"staffBearer": []}, {"staffCookie": []}]
ANYONE: list[SecurityRequirement] = [*STAFF, *PERSON]
