/** A piece of a pattern: `any` is `*`, `one` is `?`. */
export type GlobPiece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' };

/** A pattern without variables. */
export type Glob = readonly GlobPiece[];

/**
 * How far wildcards reach in an ARN's first five segments; in the sixth they match anything, colons included.
 * `segments`: to the end of their segment. `finalStar`: so, but a `*` that ends the pattern covers the rest of the ARN.
 * `closingStars`: every `*` that ends a segment may run on past the colon.
 */
export type ArnReach = 'segments' | 'finalStar' | 'closingStars';

/** One state of the automaton that a pattern is: what it reads, and whether it stays to read more. */
interface Step {
  /** Undefined reads any character. */
  readonly character: string | undefined;
  readonly colons: boolean;
  readonly repeats: boolean;
}

const SEGMENT_COLONS = 5;

/** Matches with case; wildcards stand for any characters, as in `StringLike`. */
export function matchesGlob(glob: Glob, subject: string): boolean {
  return run(
    glob.flatMap((piece) => steps(piece, true)),
    subject,
  );
}

/**
 * Matches an ARN with case, segment by segment
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, ARN operators).
 */
export function matchesArn(glob: Glob, arn: string, reach: ArnReach): boolean {
  let colons = 0;
  const all = glob.flatMap((piece, index) => {
    if (piece.kind === 'literal') {
      colons += piece.text.split(':').length - 1;
      return steps(piece, true);
    }
    return steps(piece, colons >= SEGMENT_COLONS || (piece.kind === 'any' && runsOn(reach, glob[index + 1])));
  });
  return run(all, arn);
}

function runsOn(reach: ArnReach, next: GlobPiece | undefined): boolean {
  if (reach === 'segments') return false;
  if (next === undefined) return true;
  return reach === 'closingStars' && next.kind === 'literal' && next.text.startsWith(':');
}

function steps(piece: GlobPiece, colons: boolean): readonly Step[] {
  if (piece.kind !== 'literal') return [{ character: undefined, colons, repeats: piece.kind === 'any' }];
  return [...piece.text].map((character) => ({ character, colons, repeats: false }));
}

/** Follows all states at once: however many stars a pattern has, it takes no longer than its length times the subject's. */
function run(all: readonly Step[], subject: string): boolean {
  let live = skipRepeats(all, new Set([0]));
  for (const character of subject) {
    const next = new Set<number>();
    for (const at of live) {
      const step = all[at];
      if (step !== undefined && reads(step, character)) next.add(step.repeats ? at : at + 1);
    }
    live = skipRepeats(all, next);
  }
  return live.has(all.length);
}

function reads(step: Step, character: string): boolean {
  return step.character === undefined ? step.colons || character !== ':' : step.character === character;
}

/** A star may stand for nothing: its successor is alive with it. A set visits what is added while it is walked. */
function skipRepeats(all: readonly Step[], live: Set<number>): Set<number> {
  for (const at of live) if (all[at]?.repeats) live.add(at + 1);
  return live;
}
