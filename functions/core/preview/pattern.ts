/** A text with IAM's wildcards, step by step: a character, any one (`?`), or any number of them (`*`). */
export type Pattern = readonly Step[];

interface Step {
  /** Undefined reads any character. */
  readonly character: string | undefined;
  readonly repeats: boolean;
}

/** What stands where a `*` was; no tenant, action or resource of anybody's. */
const FILLER = 'Sample';

/** The pattern in a text of a rendered policy: `${*}` is a star, a policy variable may be anything. */
export function parsePattern(text: string): Pattern {
  return text.split(/(\$\{[^}]*\}|[*?])/).flatMap((piece): Step[] => {
    if (piece === '*') return [ANY];
    if (piece === '?') return [{ character: undefined, repeats: false }];
    if (/^\$\{[*?$]\}$/.test(piece)) return literal(piece.charAt(2));
    return piece.startsWith('${') ? [ANY] : literal(piece);
  });
}

const ANY: Step = { character: undefined, repeats: true };

function literal(text: string): Step[] {
  return [...text].map((character) => ({ character, repeats: false }));
}

/** Texts that the pattern means: with something and with nothing where each `*` is; one text without any. */
export function instancesOf(pattern: Pattern): readonly string[] {
  const fill = (filler: string) =>
    pattern.map(({ character, repeats }) => character ?? (repeats ? filler : FILLER.charAt(0))).join('');
  return [...new Set([fill(FILLER), fill('')])];
}

/** Whether the pattern means the text; with `fold`, case apart. */
export function isMeant(pattern: Pattern, text: string, fold = false): boolean {
  return meet(literal(text), pattern, fold) !== undefined;
}

interface State {
  readonly one: number;
  readonly other: number;
  readonly text: string;
}

/** A text that both patterns mean, in the first one's case; undefined when there is none. With `fold`, case apart. */
export function meet(first: Pattern, second: Pattern, fold = false): string | undefined {
  const same = (a: string, b: string) => (fold ? a.toLowerCase() === b.toLowerCase() : a === b);
  const seen = new Set<number>();
  const open: State[] = [{ one: 0, other: 0, text: '' }];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const { one, other, text } = state;
    const id = one * (second.length + 1) + other;
    if (seen.has(id)) continue;
    seen.add(id);
    const [a, b] = [first[one], second[other]];
    if (a === undefined && b === undefined) return text;
    if (a !== undefined && b !== undefined && isJoint(a, b, same)) {
      const character = a.character ?? b.character ?? FILLER.charAt(0);
      // Two stars that read the same character are where they were.
      const next = { one: a.repeats ? one : one + 1, other: b.repeats ? other : other + 1 };
      open.push({ ...next, text: text + character });
    }
    if (a?.repeats) open.push({ one: one + 1, other, text });
    if (b?.repeats) open.push({ one, other: other + 1, text });
  }
  return undefined;
}

function isJoint(a: Step, b: Step, same: (a: string, b: string) => boolean): boolean {
  return a.character === undefined || b.character === undefined || same(a.character, b.character);
}
