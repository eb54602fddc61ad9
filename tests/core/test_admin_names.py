"""Lists of the administration are named in words of the reader's language."""

import pytest
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.functional import Promise


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_every_field_of_a_list_or_its_filters_has_a_name_to_translate(model: type[Model]) -> None:
    options = admin.site._registry[model]
    filters = [each[0] if isinstance(each, tuple) else each for each in options.list_filter]
    for name in [*options.list_display, *filters]:
        try:
            field = model._meta.get_field(str(name))
        except FieldDoesNotExist:
            continue  # a method of the list, which a description names
        assert isinstance(getattr(field, "verbose_name", ""), Promise), f"{model._meta.label}.{name}"
