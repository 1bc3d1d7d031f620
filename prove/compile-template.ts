import type { ArnReach } from '../policy/match.ts';
import type { Template } from '../policy/variables.ts';
import { type Pattern, type PatternPiece, wildcard } from './automata/automaton.ts';
import { foldLanguage } from './automata/language.ts';
import { product, type Symbols } from './symbols.ts';

/** How a template is compared: as in policy/match.ts, and whether case counts. */
export interface ComparedAs {
  /** Undefined for text that is no ARN: wildcards read every character. */
  readonly arn: ArnReach | undefined;
  readonly foldCase: boolean;
}

/** Compared as `StringLike` and `StringEquals` do. */
export const AS_TEXT: ComparedAs = { arn: undefined, foldCase: false };

/** The first five segments of an ARN end with a colon each. */
const SEGMENT_COLONS = 5;

interface WildcardMark {
  readonly kind: 'any' | 'one';
}

/** A piece, and wildcards of which it is not known yet whether they read colons. */
type Mark = PatternPiece | WildcardMark;

/** The patterns of a template, one for each way in which its variables can be filled; none when one has no value. */
export function compileTemplate(
  template: Template,
  { arn, foldCase }: ComparedAs,
  symbols: Symbols,
): readonly Pattern[] {
  const choices = template.map((piece): readonly (readonly Mark[])[] => {
    if (piece.kind === 'variable') return symbols.resolve(piece);
    return [[piece.kind === 'literal' ? { ...piece, kind: 'text', foldCase } : piece]];
  });
  return product(choices).map((marks) => {
    let colons = 0;
    return marks.map((mark, index): PatternPiece => {
      if (isWildcard(mark)) {
        const isStar = mark.kind === 'any';
        const reads =
          arn === undefined || colons >= SEGMENT_COLONS || (isStar && runsOn(arn, marks[index + 1]));
        return wildcard(isStar, reads);
      }
      if (mark.kind === 'text') colons += mark.text.split(':').length - 1;
      // How many colons a free value holds is not known: then as many as open most.
      if (mark.kind === 'variable' && mark.variable.kind === 'free') colons = SEGMENT_COLONS;
      return foldCase ? fold(mark) : mark;
    });
  });
}

function isWildcard(mark: Mark): mark is WildcardMark {
  return mark.kind === 'any' || mark.kind === 'one';
}

function runsOn(reach: ArnReach, next: Mark | undefined): boolean {
  if (reach === 'segments') return false;
  if (next === undefined) return true;
  if (reach !== 'closingStars') return false;
  if (next.kind === 'text') return next.text.startsWith(':');
  return next.kind === 'variable' && next.variable.kind === 'free';
}

function fold(piece: PatternPiece): PatternPiece {
  if (piece.kind === 'text') return { ...piece, foldCase: true };
  if (piece.kind !== 'variable') return piece;
  const { variable } = piece;
  return { kind: 'variable', variable: { ...variable, language: foldLanguage(variable.language) } };
}
