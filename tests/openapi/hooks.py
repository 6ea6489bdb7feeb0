"""Rules of requests that OpenAPI can't express, for Schemathesis: valid requests keep them, wrong ones are sent as they are."""

import uuid

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    use_a_new_key(case)
    # A cursor and a message come from an answer before; those that are made up belong to no list.
    for name in ("cursor", "before"):
        case.query.pop(name, None)
    if case.operation.path == "/customers/lookup":
        look_up_by_one(case)


def use_a_new_key(case):
    """A key that was used for another request is refused."""
    for name in list(case.headers):
        if name.lower() == "idempotency-key":
            case.headers[name] = uuid.uuid4().hex


def look_up_by_one(case):
    """A customer is looked up by exactly one identifier."""
    names = [name for name in ("email", "phone", "provider_user") if name in case.query]
    for name in names[1:]:
        del case.query[name]
    if not names:
        case.query["email"] = "ann@example.com"
