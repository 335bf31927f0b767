"""Check and compile the condition trees of a pack into closures. Whatever is wrong is refused with file and line."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from mystery_shopper.facts.definitions import DECIMALS, WHOLE_NUMBERS, FactRegistry, FactType, FactValue
from mystery_shopper.facts.documents import Document, DocumentError, Step, Trail
from mystery_shopper.rules import expressions, logic
from mystery_shopper.rules.expressions import Expression
from mystery_shopper.rules.logic import NO_NAMES, Condition, Context, Run, Truth
from mystery_shopper.rules.parameters import Parameter, reader

T = TypeVar("T")


class CatalogueError(DocumentError):
    """A rule pack is wrong; the text starts with file and line."""


@dataclass(frozen=True)
class Place:
    """Part of a document: where a node of a tree stands."""

    document: Document
    trail: Trail

    def at(self, *steps: Step) -> Place:
        """Return the place of a part of this one."""
        return Place(self.document, (*self.trail, *steps))

    def error(self, message: str) -> CatalogueError:
        """Return (not raise) an error that points here."""
        return CatalogueError(message, path=self.document.path, line=self.document.line_of(self.trail))


@dataclass(frozen=True)
class Compiled:
    """A compiled condition and all it can read."""

    run: Condition
    facts: frozenset[str] = NO_NAMES
    parameters: frozenset[str] = NO_NAMES


@dataclass(frozen=True)
class Term:
    """A named value or condition of the pack; `nodes` holds its tree per regime, '' for all regimes."""

    id: str
    nodes: Mapping[str, tuple[Place, object]]


_NUMBERS = WHOLE_NUMBERS | DECIMALS | {FactType.MONEY}
_ORDERED = _NUMBERS | {FactType.DATE}
_PERIODS = frozenset({FactType.DAYS, FactType.WORKING_DAYS, FactType.MONTHS, FactType.YEARS})
_PENCE = 100


@dataclass
class Compiler:
    """Compiles trees for one regime of one pack.

    `dated_by` is the fact whose day chooses dated values; `holidays` are those of the pack; `terms_read` gathers the
    terms met since it was last emptied.
    """

    registry: FactRegistry
    parameters: Mapping[str, Parameter]
    terms: Mapping[str, Term]
    regime: str
    dated_by: str
    holidays: frozenset[date] = frozenset()
    terms_read: set[str] = field(default_factory=set)
    _open_terms: list[str] = field(default_factory=list)

    # --- conditions

    def condition(self, node: object, place: Place) -> Compiled:
        """Compile a tree that is true, false or unknown."""
        name, body = self._single(node, place)
        inner = place.at(name)
        if name in {"all", "any"}:
            return self._join(name, body, inner)
        if name == "not":
            test = self.condition(body, inner)
            run = test.run
            return Compiled(lambda context: logic.negated(run(context)), test.facts, test.parameters)
        if name in _COMPARISONS:
            return self._comparison(name, body, inner)
        if name == "is":
            return self._is(body, inner)
        if name == "term":
            return self._term_condition(body, inner)
        if name == "fact":
            return self._fact_condition(node, place)
        raise place.error(f"'{name}' is not a condition; use one of {', '.join(sorted(_CONDITION_NAMES))}")

    def _join(self, name: str, body: object, place: Place) -> Compiled:
        if not isinstance(body, list) or not body:
            raise place.error(f"'{name}' needs a list of conditions")
        tests = [self.condition(child, place.at(index)) for index, child in enumerate(body)]
        runs = tuple(test.run for test in tests)
        return Compiled(
            logic.joined(runs, decisive=name == "any"),
            NO_NAMES.union(*(test.facts for test in tests)),
            NO_NAMES.union(*(test.parameters for test in tests)),
        )

    def _fact_condition(self, node: object, place: Place) -> Compiled:
        expression = self.expression(node, place)
        if expression.type is not FactType.BOOLEAN:
            raise place.error(f"a fact used as a condition must be yes or no, this one is {expression.type}")
        return Compiled(expression.run, expression.facts)  # type: ignore[arg-type]

    def _comparison(self, name: str, body: object, place: Place) -> Compiled:
        left, right = self._pair(body, place)
        if left.type is not right.type or left.type not in _ORDERED:
            raise place.error(f"cannot compare {left.type} with {right.type}")
        return Compiled(
            _COMPARISONS[name](left.run, right.run), left.facts | right.facts, left.parameters | right.parameters
        )

    def _is(self, body: object, place: Place) -> Compiled:
        """`is: [choice, option, option...]`: true when the choice is one of the options."""
        if not isinstance(body, list) or len(body) < 2:
            raise place.error("'is' needs a choice and at least one option")
        choice = self.expression(body[0], place.at(0))
        if choice.type is not FactType.CHOICE:
            raise place.error(f"'is' needs a choice, this is {choice.type}")
        for index, option in enumerate(body[1:], start=1):
            if option not in choice.options:
                raise place.at(index).error(f"'{option}' is not one of {', '.join(sorted(choice.options))}")
        options = tuple(str(option) for option in body[1:])
        return Compiled(logic.one_of(choice.run, options), choice.facts, choice.parameters)

    # --- values

    def expression(self, node: object, place: Place) -> Expression:
        """Compile a tree that gives a value."""
        name, body = self._single(node, place)
        build = _EXPRESSIONS.get(name)
        if build is None:
            raise place.error(f"'{name}' is not a value; use one of {', '.join(sorted(_EXPRESSIONS))}")
        return build(self, body, place.at(name))

    def _fact(self, body: object, place: Place) -> Expression:
        definition = self.registry.get(str(body))
        if definition is None:
            raise place.error(f"there is no fact '{body}'")
        return Expression(
            definition.type,
            expressions.fact(definition),
            frozenset({definition.id}),
            NO_NAMES,
            definition.option_ids,
            definition.currency,
        )

    def _bounded(self, body: object, place: Place) -> Expression:
        if not isinstance(body, dict) or set(body) != {"fact", "at-least", "at-most"}:
            raise place.error("'bounded' needs fact, at-least and at-most")
        known = self._fact(body["fact"], place.at("fact"))
        low = self.expression(body["at-least"], place.at("at-least"))
        high = self.expression(body["at-most"], place.at("at-most"))
        if not known.type is low.type is high.type or known.type not in _ORDERED:
            raise place.error("the bounds must have the type of the fact")
        run = expressions.bounded_fact(self.registry[str(body["fact"])], low.run, high.run)
        return self._of(known.type, run, known, low, high)

    def _parameter(self, body: object, place: Place) -> Expression:
        name, by = (body.get("id"), body.get("by", [])) if isinstance(body, dict) else (body, [])
        parameter = self.parameters.get(str(name))
        if parameter is None:
            raise place.error(f"there is no parameter '{name}'")
        if not isinstance(by, list) or len(by) != len(parameter.by):
            raise place.error(f"parameter '{name}' is looked up by {list(parameter.by)}")
        keys = [self.expression(key, place.at("by", index)) for index, key in enumerate(by)]
        for index, key in enumerate(keys):
            if key.type is not FactType.CHOICE:
                raise place.at("by", index).error(f"a key must be a choice, this is {key.type}")
        run = reader(parameter, tuple(key.run for key in keys), self.dated_by)
        whole = self._of(parameter.type, run, *keys)
        used = whole.parameters | {parameter.id}
        return Expression(whole.type, run, whole.facts, used, NO_NAMES, parameter.currency)

    def _multiply(self, body: object, place: Place) -> Expression:
        left, right = self._pair(body, place)
        if left.type not in _NUMBERS or right.type is not FactType.MULTIPLE:
            raise place.error(f"cannot multiply {left.type} by {right.type}; the second must be a multiple")
        return self._of(left.type, expressions.multiply(left.run, right.run), left, right)

    def _plus(self, body: object, place: Place) -> Expression:
        left, right = self._pair(body, place)
        if left.type is not right.type or left.type not in _NUMBERS:
            raise place.error(f"cannot add {right.type} to {left.type}")
        return self._of(left.type, expressions.plus(left.run, right.run), left, right)

    def _ratio(self, body: object, place: Place) -> Expression:
        return self._quotient(body, place, FactType.MULTIPLE, 1)

    def _percent_of(self, body: object, place: Place) -> Expression:
        return self._quotient(body, place, FactType.PERCENTAGE, 100)

    def _quotient(self, body: object, place: Place, result: FactType, scale: int) -> Expression:
        left, right = self._pair(body, place)
        if left.type is not right.type or left.type not in _NUMBERS:
            raise place.error(f"cannot divide {left.type} by {right.type}")
        return self._of(result, expressions.ratio(left.run, right.run, scale), left, right)

    def _days_between(self, body: object, place: Place) -> Expression:
        left, right = self._pair(body, place)
        if not left.type is right.type is FactType.DATE:
            raise place.error("'days-between' needs two dates")
        return self._of(FactType.DAYS, expressions.days_between(left.run, right.run), left, right)

    def _later_by(self, body: object, place: Place) -> Expression:
        if not isinstance(body, list) or len(body) != 2:
            raise place.error("'later-by' needs a date and a period")
        start, period = (self.expression(node, place.at(index)) for index, node in enumerate(body))
        if start.type is not FactType.DATE or period.type not in _PERIODS:
            raise place.error(f"'later-by' needs a date and a period, not {start.type} and {period.type}")
        return self._of(
            FactType.DATE, expressions.later_by(start.run, period.run, period.type, self.holidays), start, period
        )

    def _several(self, body: object, place: Place, build: Callable[[list[Run]], Run]) -> Expression:
        if not isinstance(body, list) or len(body) < 2:
            raise place.error("needs a list of at least two values")
        parts = [self.expression(node, place.at(index)) for index, node in enumerate(body)]
        for index, part in enumerate(parts):
            if part.type is not parts[0].type or part.type not in _ORDERED:
                raise place.at(index).error(f"all must have one ordered type; {part.type} is not {parts[0].type}")
        return self._of(parts[0].type, build([part.run for part in parts]), *parts)

    def _choose(self, body: object, place: Place) -> Expression:
        if not isinstance(body, list) or len(body) < 2:
            raise place.error("'choose' needs cases of when and value, and at the end otherwise")
        tests: list[Compiled] = []
        values: list[Expression] = []
        for index, case in enumerate(body[:-1]):
            if not isinstance(case, dict) or set(case) != {"when", "value"}:
                raise place.at(index).error("a case has exactly when and value")
            tests.append(self.condition(case["when"], place.at(index, "when")))
            values.append(self.expression(case["value"], place.at(index, "value")))
        last = len(body) - 1
        if not isinstance(body[last], dict) or set(body[last]) != {"otherwise"}:
            raise place.at(last).error("the last case must be otherwise")
        otherwise = self.expression(body[last]["otherwise"], place.at(last, "otherwise"))
        for index, value in enumerate(values):
            if value.type is not otherwise.type:
                raise place.at(index).error(f"{value.type} here, but {otherwise.type} otherwise")
        cases = [(test.run, value.run) for test, value in zip(tests, values, strict=True)]
        run = expressions.choose(cases, otherwise.run)
        return self._of(otherwise.type, run, otherwise, *values, *tests)

    def _term(self, body: object, place: Place) -> Expression:
        found = self._in_term(body, place, self.expression)
        return replace(found, run=logic.remembered(str(body), found.run))

    def _term_condition(self, body: object, place: Place) -> Compiled:
        found = self._in_term(body, place, self.condition)
        recall = logic.remembered(str(body), found.run)

        def run(context: Context) -> Truth:
            value = recall(context)
            return value if isinstance(value, logic.Unknown) else value is True

        return Compiled(run, found.facts, found.parameters)

    # --- shared

    def _in_term(self, body: object, place: Place, compile_node: Callable[[object, Place], T]) -> T:
        """Compile the tree a term stands for in this regime."""
        term = self.terms.get(str(body))
        if term is None:
            raise place.error(f"there is no term '{body}'")
        if term.id in self._open_terms:
            raise place.error(f"term '{term.id}' is defined by itself")
        found = term.nodes.get(self.regime) or term.nodes.get("")
        if found is None:
            raise place.error(f"term '{term.id}' has no value under {self.regime}")
        self._open_terms.append(term.id)
        self.terms_read.add(term.id)
        try:
            return compile_node(found[1], found[0])
        finally:
            self._open_terms.pop()

    def _pair(self, body: object, place: Place) -> tuple[Expression, Expression]:
        """Compile two operands; a bare number, date or word takes the type of the other."""
        if not isinstance(body, list) or len(body) != 2:
            raise place.error("needs a list of exactly two values")
        trees = [isinstance(node, dict) for node in body]
        if not any(trees):
            raise place.error("at least one of the two must be read from a fact or a parameter")
        if all(trees):
            return self.expression(body[0], place.at(0)), self.expression(body[1], place.at(1))
        tree = trees.index(True)
        typed = self.expression(body[tree], place.at(tree))
        bare = self._literal(body[1 - tree], typed, place.at(1 - tree))
        return (typed, bare) if tree == 0 else (bare, typed)

    def _literal(self, raw: object, like: Expression, place: Place) -> Expression:
        value: FactValue | None = None
        if like.type is FactType.DATE:
            value = raw if isinstance(raw, date) else None
        elif like.type in _NUMBERS and isinstance(raw, int | Decimal) and not isinstance(raw, bool):
            value = _number(like.type, raw)
        if value is None:
            raise place.error(f"'{raw}' is not a {like.type}")
        return Expression(like.type, expressions.constant(value), currency=like.currency)

    @staticmethod
    def _of(result: FactType, run: Run, *parts: Expression | Compiled) -> Expression:
        facts = NO_NAMES.union(*(part.facts for part in parts))
        currency = next((part.currency for part in parts if isinstance(part, Expression)), "GBP")
        return Expression(result, run, facts, NO_NAMES.union(*(part.parameters for part in parts)), NO_NAMES, currency)

    @staticmethod
    def _single(node: object, place: Place) -> tuple[str, object]:
        if not isinstance(node, dict) or len(node) != 1:
            raise place.error("expected exactly one key, such as 'all', 'fact' or 'more-than'")
        name, body = next(iter(node.items()))
        return str(name), body


def _number(fact_type: FactType, raw: int | Decimal) -> FactValue | None:
    """Bring a number of the file to the value type of a fact (money: pounds to pence)."""
    if fact_type in DECIMALS:
        return Decimal(raw)
    scaled = raw * _PENCE if fact_type is FactType.MONEY else raw
    return int(scaled) if scaled == int(scaled) else None


_COMPARISONS: dict[str, Callable[[Run, Run], Condition]] = {
    "more-than": lambda left, right: logic.compared(left, right, operator.gt, logic.more_than),
    "less-than": lambda left, right: logic.compared(left, right, operator.lt, logic.less_than),
    "at-most": lambda left, right: logic.compared(left, right, operator.le, logic.at_most),
    "at-least": lambda left, right: logic.compared(left, right, operator.ge, logic.at_least),
    "equals": lambda left, right: logic.compared(left, right, operator.eq, logic.same),
}
_CONDITION_NAMES = {"all", "any", "not", "is", "term", "fact", *_COMPARISONS}
_EXPRESSIONS: dict[str, Callable[[Compiler, object, Place], Expression]] = {
    "fact": Compiler._fact,
    "bounded": Compiler._bounded,
    "parameter": Compiler._parameter,
    "multiply": Compiler._multiply,
    "plus": Compiler._plus,
    "ratio": Compiler._ratio,
    "percent-of": Compiler._percent_of,
    "days-between": Compiler._days_between,
    "later-by": Compiler._later_by,
    "greatest": lambda self, body, place: self._several(body, place, expressions.greatest),
    "least": lambda self, body, place: self._several(body, place, expressions.least),
    "first-known": lambda self, body, place: self._several(body, place, expressions.first_known),
    "greatest-known": lambda self, body, place: self._several(body, place, expressions.greatest_known),
    "choose": Compiler._choose,
    "term": Compiler._term,
}
