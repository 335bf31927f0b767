"""The part of the site that belongs to Tell us How."""

from flask import Blueprint

bp = Blueprint("suggestions", __name__)
