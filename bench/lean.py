"""A world of very many groups, quickly: a small seeded one, and copies of its groups without their documents.

    python -m bench.lean GROUPS

The Manager has all of them. A copy has its memberships, folders, grants, checklist and session plan; what people have
written is not copied. Prints what was made as JSON.
"""

import copy
import itertools
import json
import sys
from typing import Any

MODEL_GROUPS = 20
BATCH = 2000
LEFT_OUT = {"responses.FormResponse", "rendering.Rendering", "uploads.UploadBatch", "mentoring.Invitation"}
"""What people have written, and what names one person."""


def main(count: int) -> None:
    """Make a world of so many groups in the database of the environment."""
    import django  # noqa: PLC0415 -- it needs the environment

    django.setup()
    from django.db import transaction  # noqa: PLC0415

    from demo.seeding.world import make_world  # noqa: PLC0415

    # The last group belongs to the second Manager; the fifth is closed, and no model.
    world = make_world(groups=MODEL_GROUPS + 2, people=5 * MODEL_GROUPS).as_data()
    models = [each["id"] for each in world["groups"][: MODEL_GROUPS + 1] if each["stage"] != "closed"]
    with transaction.atomic():
        Copier(models, count - MODEL_GROUPS - 1).copy()
    manager = world["people"][1]["email"]
    print(json.dumps({"manager": manager, "password": world["password"], "groups": count}))


class Copier:
    """Copies groups with what belongs to them, level by level, many rows at a time."""

    def __init__(self, models: list[int], count: int) -> None:
        from mentoring.models import MentoringGroup  # noqa: PLC0415 -- after django.setup()

        self.group_model = MentoringGroup
        self.pairs = list(itertools.islice(itertools.cycle(models), count))

    def copy(self) -> None:
        """Make the copies."""
        from django.contrib.auth.models import Group as AuthGroup  # noqa: PLC0415

        from mentoring.models import RoleGroup  # noqa: PLC0415

        model_groups = self.group_model.objects.in_bulk(set(self.pairs))
        first_number = 1 + max(group.number for group in self.group_model.objects.all())
        groups = []
        for number, model in enumerate(self.pairs, start=first_number):
            group = _fresh(model_groups[model])
            group.number, group.name = number, f"Group {number:05d}"
            groups.append(group)
        self.group_model.objects.bulk_create(groups, batch_size=BATCH)
        made = list(zip(self.pairs, groups, strict=True))
        # Each role of each group has an auth group of its own; grants on folders name them.
        roles = list(RoleGroup.objects.filter(group__in=model_groups).select_related("auth_group"))
        names = {role.pk: role.role for role in roles}
        auth = {
            (model, group.pk, role.auth_group_id): AuthGroup(name=f"mentoring-group-{group.pk}-{names[role.pk]}")
            for model, group in made
            for role in roles
            if role.group_id == model
        }
        AuthGroup.objects.bulk_create(auth.values(), batch_size=BATCH)
        self._copy_members_of_auth_groups(auth)
        self._copy_rows(made, auth)

    @staticmethod
    def _copy_members_of_auth_groups(auth: dict[tuple[int, int, int], Any]) -> None:
        from accounts.models import User  # noqa: PLC0415

        through = User.groups.through
        people: dict[int, list[int]] = {}
        for user, group in through.objects.values_list("user_id", "group_id"):
            people.setdefault(group, []).append(user)
        rows = [through(user_id=user, group=new) for (_m, _g, old), new in auth.items() for user in people.get(old, ())]
        through.objects.bulk_create(rows, batch_size=BATCH)

    def _copy_rows(self, made: list[tuple[int, Any]], auth: dict[tuple[int, int, int], Any]) -> None:
        """Copy the rows of every table that names the group, and the grants on the folders among them."""
        relations = {each.related_model._meta.label: each for each in self.group_model._meta.related_objects}
        if unknown := LEFT_OUT - relations.keys():
            raise LookupError(f"These models have another name now: {unknown}")
        for label, relation in relations.items():
            if label in LEFT_OUT:
                continue
            model, name = relation.related_model, relation.field.name
            sources: dict[int, list[Any]] = {}
            for row in model._default_manager.filter(**{f"{name}__in": set(self.pairs)}):
                sources.setdefault(getattr(row, f"{name}_id"), []).append(row)
            copies = [
                (source.pk, self._of_group(source, name, group, auth))
                for old, group in made
                for source in sources.get(old, ())
            ]
            model._default_manager.bulk_create([row for _source, row in copies], batch_size=BATCH)
            self._copy_grants(model, copies, auth)

    @staticmethod
    def _of_group(source: Any, name: str, group: Any, auth: dict[tuple[int, int, int], Any]) -> Any:
        row = _fresh(source)
        old = getattr(source, f"{name}_id")
        setattr(row, name, group)
        for field in row._meta.concrete_fields:
            if field.name == "auth_group":
                row.auth_group = auth[old, group.pk, source.auth_group_id]
            elif field.one_to_one and field.null:
                setattr(row, field.attname, None)  # what it points to has one such row already
        return row

    @staticmethod
    def _copy_grants(model: Any, copies: list[tuple[int, Any]], auth: dict[tuple[int, int, int], Any]) -> None:
        """Copy guardian's rows, which name the folder and an auth group of the same mentoring group."""
        grants = next((each.related_model for each in model._meta.related_objects if _is_grant(each)), None)
        if grants is None:
            return
        of_old: dict[int, list[Any]] = {}
        for grant in grants.objects.all():
            of_old.setdefault(grant.content_object_id, []).append(grant)
        by_new = {(group, old): new for (_model, group, old), new in auth.items()}
        rows = []
        for source, folder in copies:
            for grant in of_old.get(source, ()):
                row = _fresh(grant)
                row.content_object, row.group = folder, by_new[folder.group_id, grant.group_id]
                rows.append(row)
        grants.objects.bulk_create(rows, batch_size=BATCH)


def _fresh(row: Any) -> Any:
    """Return a copy that is not stored yet."""
    fresh = copy.copy(row)
    fresh._state = copy.copy(row._state)
    fresh._state.adding, fresh._state.fields_cache = True, {}
    fresh.pk = None
    return fresh


def _is_grant(relation: Any) -> bool:
    return bool(relation.field.name == "content_object")


if __name__ == "__main__":
    main(int(sys.argv[1]))
