"""What differs as text: between two plans, or between two versions of a protocol."""

from protoplan.model.difference import PlanDifference, ProtocolDifference
from protoplan.rendering import difference_text, protocol_difference_text


def render(difference: PlanDifference | ProtocolDifference) -> str:
    """The whole comparison, wrapped at 100 columns."""
    if isinstance(difference, ProtocolDifference):
        return protocol_difference_text.render(difference)
    return difference_text.render(difference)
