import { ConfigurationError } from '../errors.ts';

/** Real ones are far shorter, and this is enough for nothing that is slow to read. */
const PATTERN_MAX_CHARACTERS = 256;

/**
 * The pattern that a scope parameter's whole value must match. Throws `ConfigurationError` for what is no regular
 * expression, for one of more than 256 characters, and for one that could take long to compare.
 */
export function parseScopePattern(name: string, pattern: string): RegExp {
  const fault = patternFault(pattern);
  if (fault !== undefined) throw new ConfigurationError(`scope ${name}: pattern: ${fault}`);
  return wholeOf(pattern);
}

/** The expression that matches when the pattern matches all of a value. The pattern has no fault. */
export function wholeOf(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u');
}

/** Why values of up to 256 characters, which callers choose, must not be held against the pattern; undefined if they may. */
export function patternFault(pattern: string): string | undefined {
  // Before any expression looks at it: those below take the square of its length.
  if (pattern.length > PATTERN_MAX_CHARACTERS)
    return `got ${pattern.length} characters, expected at most ${PATTERN_MAX_CHARACTERS}`;
  if (!isTame(pattern))
    return (
      `got ${JSON.stringify(pattern)}, expected no quantifier or alternative inside a repeated group, no look-around, ` +
      `back reference or \\p, at most ${CAPTURES_MAX} groups that capture, and at most ${WAYS_MAX} ways to match (* and + count ` +
      `${REPETITION_WAYS}, {1,3} and (?:a|b|c) 3, ? 2, each times the others): it could take minutes to compare`
    );
  try {
    // By itself: `a)|(b` is no expression, but would become one between the anchors, and unanchored.
    new RegExp(pattern, 'u');
    return undefined;
  } catch {
    return `got ${JSON.stringify(pattern)}, expected a regular expression`;
  }
}

/**
 * What the choices in a pattern may come to, multiplied. To refuse a value of 256 characters, every way may be tried, and
 * each takes as many steps as the pattern's fixed part is long. A repetition of any length counts so that two are let
 * through, with nothing else: what the fixed part takes of the value is not left to repeat, so that the slowest, `a*a*` and
 * 85 fixed characters, takes 1.2 million steps.
 */
const WAYS_MAX = 1024;
const REPETITION_WAYS = 32;
/** Nothing reads what a group captures, and writing it down can take longer than all the rest. */
const CAPTURES_MAX = 4;

/**
 * Whether comparing a value of 256 characters takes milliseconds, a few dozen at worst. A caller chooses the value, and a
 * pattern such as `([a-z]+-?)*` takes minutes to refuse the right one. Coarse on purpose: what is turned away can be said
 * more simply. `\p{…}` is: values are ASCII, and its tables take long to read.
 */
function isTame(pattern: string): boolean {
  if (/\\[1-9kpP]|\(\?(?!:)/.test(pattern)) return false;
  // Escapes and classes become letters; what is left is structure.
  let shape = pattern.replaceAll(/\\(?:u\{[^}]*\}|.)/gs, 'e').replaceAll(/\[[^\]]*\]/g, 'c');
  if (shape.split(/\((?!\?)/).length - 1 > CAPTURES_MAX) return false;
  shape = shape
    .replaceAll('(?:', '(')
    // An exact count of one character is only a longer text.
    .replaceAll(/([^)])\{\d+\}/g, '$1');
  let ways = 1;
  for (const [quantifier, least = 0, most = Infinity] of shape.matchAll(/[*+?]|\{(\d+),(\d+)?\}/g))
    ways *= quantifier === '?' ? 2 : Math.min(Number(most) - Number(least) + 1, REPETITION_WAYS);
  // From the innermost groups outwards; one that holds a choice or a repetition leaves a mark of it.
  for (let group = INNERMOST.exec(shape); group !== null; group = INNERMOST.exec(shape)) {
    const [whole, inner = '', repetition] = group;
    const varies = /[*+?{|]/.test(inner);
    if (varies && repetition !== undefined) return false;
    ways *= alternatives(inner);
    shape = shape.replace(whole, () => (varies ? '{' : 'g') + (repetition ?? ''));
  }
  return ways * alternatives(shape) <= WAYS_MAX;
}

const INNERMOST = /\(([^()]*)\)([*+?{])?/;

function alternatives(shape: string): number {
  return shape.split('|').length;
}
