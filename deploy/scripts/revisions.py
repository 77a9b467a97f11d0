"""New revisions of task definitions: what runs now, with another image."""

from typing import Any

# What AWS adds to a description and does not take back.
_ADDED = (
    "compatibilities",
    "deregisteredAt",
    "registeredAt",
    "registeredBy",
    "requiresAttributes",
    "revision",
    "status",
    "taskDefinitionArn",
)


def with_image(ecs: Any, family: str, image: str) -> str:
    """Register the newest revision of a family again with this image; gives the new ARN.

    Where the newest already has the image, nothing is registered.
    """
    newest = ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
    containers = newest["containerDefinitions"]
    if all(container["image"] == image for container in containers):
        return str(newest["taskDefinitionArn"])
    new = {name: value for name, value in newest.items() if name not in _ADDED}
    new["containerDefinitions"] = [{**container, "image": image} for container in containers]
    registered = ecs.register_task_definition(**new)["taskDefinition"]
    return str(registered["taskDefinitionArn"])
