import { ConfigurationError } from './errors.ts';

/**
 * The pattern that a scope parameter's whole value must match. Throws `ConfigurationError` for what is no regular expression, and
 * for one that could take long to compare.
 */
export function parseScopePattern(name: string, pattern: string): RegExp {
  if (!isTame(pattern)) {
    throw new ConfigurationError(
      `scope ${name}: pattern: got ${JSON.stringify(pattern)}, expected no quantifier or alternative inside a repeated group, at most two ` +
        'repetitions of any length, and no look-around or back reference: it could take minutes to compare',
    );
  }
  try {
    // By itself first: `a)|(b` is no expression, but would become one between the anchors, and unanchored.
    new RegExp(pattern, 'u');
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch (cause) {
    throw new ConfigurationError(
      `scope ${name}: pattern: got ${JSON.stringify(pattern)}, expected a regular expression`,
      { cause },
    );
  }
}

/**
 * Whether comparing a value of 256 characters takes milliseconds at most. A caller chooses the value, and a pattern such
 * as `([a-z]+-?)*` takes minutes to refuse the right one. Coarse on purpose: what is turned away can be said more simply.
 */
function isTame(pattern: string): boolean {
  if (/\\(?:[1-9k])|\(\?(?!:)/.test(pattern)) return false;
  // Escapes and classes become letters; what is left is structure.
  let shape = pattern
    .replaceAll(/\\(?:[pPu]\{[^}]*\}|.)/gs, 'e')
    .replaceAll(/\[[^\]]*\]/g, 'c')
    .replaceAll('(?:', '(')
    // An exact count of one character is only a longer text.
    .replaceAll(/([^)])\{\d+\}/g, '$1');
  if ((shape.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0) > 2 || (shape.match(/\?/g)?.length ?? 0) > 4)
    return false;
  // From the innermost groups outwards; one that holds a choice or a repetition leaves a mark of it.
  for (let group = INNERMOST.exec(shape); group !== null; group = INNERMOST.exec(shape)) {
    const [whole, inner = '', repetition] = group;
    const varies = /[*+?{|]/.test(inner);
    if (varies && repetition !== undefined) return false;
    shape = shape.replace(whole, () => (varies ? '|' : 'g') + (repetition ?? ''));
  }
  return true;
}

const INNERMOST = /\(([^()]*)\)([*+?{])?/;
