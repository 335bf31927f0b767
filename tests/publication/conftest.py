"""Tests of publication: browsers of staff are signed in without the pages."""

from tests.support.desks import signed_in as signed_in
