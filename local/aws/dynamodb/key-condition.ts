import { validationError } from './errors.ts';

/** One comparison of a key condition, names and values still as they were written. */
export interface KeyComparison {
  /** An attribute's name or a `#placeholder`. */
  readonly attribute: string;
  readonly isEquality: boolean;
  /** The `:placeholder` compared with, the first of two in a BETWEEN. */
  readonly value: string;
}

interface TokenReader {
  readonly peek: () => string | undefined;
  readonly next: () => string;
  readonly expect: (token: string) => void;
}

/** DynamoDB's limit to an expression, in bytes. */
const MAX_EXPRESSION_BYTES = 4096;
const TOKEN = /\s*([#:]?[A-Za-z_0-9]+|<=|>=|[=<>(),])/y;
const ATTRIBUTE = /^(?:#[A-Za-z_0-9]+|[A-Za-z_][A-Za-z_0-9]*)$/;
const VALUE = /^:[A-Za-z_0-9]+$/;
const COMPARATORS: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=']);

/**
 * Parses a KeyConditionExpression into its comparisons, all of which must hold: AND is the only way to join them. Throws
 * ValidationException on whatever is outside the grammar, so that nothing is forwarded that was not understood.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export function parseKeyCondition(expression: string): readonly KeyComparison[] {
  if (Buffer.byteLength(expression) > MAX_EXPRESSION_BYTES) {
    throw validationError(
      'Invalid KeyConditionExpression: Expression size has exceeded the maximum allowed size',
    );
  }
  const tokens = readTokens(expression);
  const comparisons = parseConjunction(tokens);
  if (tokens.peek() !== undefined) throw syntaxError(tokens.next());
  return comparisons;
}

function parseConjunction(tokens: TokenReader): readonly KeyComparison[] {
  const comparisons = [...parseTerm(tokens)];
  while (isKeyword(tokens.peek(), 'AND')) {
    tokens.next();
    comparisons.push(...parseTerm(tokens));
  }
  return comparisons;
}

function parseTerm(tokens: TokenReader): readonly KeyComparison[] {
  if (tokens.peek() !== '(') return [parseComparison(tokens)];
  tokens.next();
  const comparisons = parseConjunction(tokens);
  tokens.expect(')');
  return comparisons;
}

function parseComparison(tokens: TokenReader): KeyComparison {
  const left = tokens.next();
  if (left === 'begins_with' && tokens.peek() === '(') return parseBeginsWith(tokens);
  const operator = tokens.next();
  if (isKeyword(operator, 'BETWEEN')) return parseBetween(left, tokens);
  if (!COMPARATORS.has(operator)) throw syntaxError(operator);
  const right = tokens.next();
  const [attribute, value] = VALUE.test(left) ? [right, left] : [left, right];
  return comparison(attribute, operator === '=', value);
}

function parseBeginsWith(tokens: TokenReader): KeyComparison {
  tokens.expect('(');
  const attribute = tokens.next();
  tokens.expect(',');
  const value = tokens.next();
  tokens.expect(')');
  return comparison(attribute, false, value);
}

function parseBetween(attribute: string, tokens: TokenReader): KeyComparison {
  const low = tokens.next();
  const and = tokens.next();
  const high = tokens.next();
  if (!isKeyword(and, 'AND')) throw syntaxError(and);
  if (!VALUE.test(high)) throw syntaxError(high);
  return comparison(attribute, false, low);
}

function comparison(attribute: string, isEquality: boolean, value: string): KeyComparison {
  if (!ATTRIBUTE.test(attribute)) throw syntaxError(attribute);
  if (!VALUE.test(value)) throw syntaxError(value);
  return { attribute, isEquality, value };
}

function isKeyword(token: string | undefined, keyword: string): boolean {
  return token?.toUpperCase() === keyword;
}

function readTokens(expression: string): TokenReader {
  const tokens: string[] = [];
  const text = expression.trimEnd();
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const [, token] = pattern.exec(text) ?? [];
    if (token === undefined) throw syntaxError(text.slice(start).trim());
    tokens.push(token);
  }
  let position = 0;
  const next = () => tokens[position++] ?? '<EOF>';
  return {
    peek: () => tokens[position],
    next,
    expect(wanted) {
      const token = next();
      if (token !== wanted) throw syntaxError(token);
    },
  };
}

function syntaxError(token: string): Error {
  return validationError(`Invalid KeyConditionExpression: Syntax error; token: "${token}"`);
}
