"""The blueprint of the pages between cases."""

from flask import Blueprint

bp = Blueprint("similarity", __name__)
