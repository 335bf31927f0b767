"""The blueprint of the pages of records."""

from flask import Blueprint

bp = Blueprint("retention", __name__)
