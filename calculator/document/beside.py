"""What stands beside the way of the traffic: web ACLs, and authorizers that check tokens by themselves."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from calculator.architecture import Connection
from calculator.document.ways_out import EndOfDocument

WEB_ACL, USER_POOL = "waf_web_acl", "cognito_user_pool"
# What a web ACL may be attached to (https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html).
PROTECTED = (
    "app_runner_service",
    "appsync_api",
    "cloudfront_distribution",
    "cognito_user_pool",
    "load_balancer",
    "rest_api",
)
# An API checks tokens of a user pool with keys that it keeps: nothing is called and nothing is billed
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
CHECKED_LOCALLY = ("jwt", "cognito")
AUTHORIZERS = {"http_api": "jwt", "rest_api": "cognito", "appsync_api": "cognito", "websocket_api": "jwt"}


class WebAcls(NamedTuple):
    """Where the requests of each web ACL come from, and where they go on to.

    `fed` are those to which something leads that they cannot be attached to, `between` what each of them leads on to.
    """

    fed: frozenset[int]
    between: Mapping[int, frozenset[int]]


def web_acls(ends: Sequence[EndOfDocument], connections: Sequence[Connection]) -> WebAcls:
    """Which web ACLs of a document stand in the way of the traffic, and not beside it.

    Traffic goes through one where it comes from what the ACL cannot be attached to, or where the ACL is drawn behind
    one thing and before another that nothing else leads to.
    """
    entering: dict[int, set[int | None]] = {}
    leaving: dict[int, set[int]] = {}
    reached: set[int] = set()
    for one in connections:
        if ends[one.target].type == WEB_ACL:
            entering.setdefault(one.target, set()).add(one.source)
        elif one.source is not None and ends[one.source].type == WEB_ACL:
            leaving.setdefault(one.source, set()).add(one.target)
        else:
            reached.add(one.target)
    fed = {
        index
        for index, sources in entering.items()
        if any(one is None or ends[one].type not in PROTECTED for one in sources)
    }
    between = {
        acl: frozenset(
            one for one in targets if acl in fed or (entering.get(acl, set()) - {one} and one not in reached)
        )
        for acl, targets in leaving.items()
    }
    return WebAcls(frozenset(fed), between)


def protected(one: Connection, ends: Sequence[EndOfDocument], acls: WebAcls) -> tuple[int, int] | None:
    """What a web ACL is attached to, and the web ACL; None where the connection is a way of the traffic."""
    if one.source is None or not one.inputs["attached"]:
        return None
    if ends[one.source].type == WEB_ACL:
        acl, other = one.source, one.target
        through = other in acls.between[acl]
    elif ends[one.target].type == WEB_ACL:
        acl, other = one.target, one.source
        through = acl not in acls.fed and bool(acls.between.get(acl, frozenset()) - {other})
    else:
        return None
    return None if through or ends[other].type not in PROTECTED else (other, acl)


def stands_beside(one: Connection, ends: Sequence[EndOfDocument], acls: WebAcls) -> bool:
    """Whether a connection leaves a web ACL that traffic does not go through: it brings what the ACL has looked at."""
    if one.source is None or ends[one.source].type != WEB_ACL:
        return False
    return one.source not in acls.fed and not acls.between[one.source]
