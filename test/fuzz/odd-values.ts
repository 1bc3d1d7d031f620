import fc from 'fast-check';
import { CANARY } from './tenants.ts';

/** Texts that mean something to somebody: IAM, JSON, URLs, JavaScript, or the eye. */
const TELLING = [
  '',
  ' ',
  '*',
  '?',
  '${*}',
  '${aws:username}',
  '{{tenant.id}}',
  '$&',
  '__proto__',
  'constructor',
  'toString',
  'acme',
  'acme ',
  'ACME',
  'acme-prod',
  'acme/',
  'acme/../globex',
  'globex',
  'Globex Corp',
  '\u0430cme',
  '\uff41\uff43\uff4d\uff45',
  'acme\u200b',
  'acme\u0000',
  'e\u0301',
  '\u00e9',
  '\u202e',
  '\u00a0',
  '../',
  '//',
  '%2f',
  '\\',
  '"',
  "'",
  '#',
  CANARY,
];

/** Of all Unicode. `fc.string` makes a table of it, which takes a second. */
const anyCharacters = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff })), {
    maxLength: 16,
  })
  .map((points) => String.fromCodePoint(...points));

/** Any text. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TELLING) },
  { weight: 2, arbitrary: fc.string({ maxLength: 16 }) },
  { weight: 2, arbitrary: anyCharacters },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...TELLING), fc.constantFrom(...TELLING)).map((two) => two.join('')),
  },
  { weight: 1, arbitrary: fc.integer({ min: 200, max: 600 }).map((length) => 'a'.repeat(length)) },
);

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '0.1',
  '1e400',
  '-1e400',
  '1e-7',
  '9007199254740993',
  '1.0',
  '3600',
  '900',
  '1e3',
];
const ESCAPED = ['"\\u0061cme"', '"\\ud800"', '"\\u0000"', '"\\/"', '"\\uD83D\\uDE00"'];

/** The text of any JSON value, and now and then of none. */
export const oddJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: oddText.map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(...ESCAPED) },
  { weight: 2, arbitrary: fc.constantFrom('null', 'true', 'false', '[]', '{}', '""', '[[]]') },
  { weight: 2, arbitrary: fc.array(oddText, { maxLength: 3 }).map((texts) => JSON.stringify(texts)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 2000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  },
  { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{"__proto__":{"isAdmin":true}}', '{"a":1,"a":2}', '01', 'NaN', "'a'"),
  },
);

/** A change of a text at any place. */
export interface TextEdit {
  /** Modulo its length. */
  readonly at: number;
  readonly does: 'insert' | 'replace' | 'remove' | 'double' | 'cut';
  readonly text: string;
}

/** Changes of a text, most of them by what stands in such texts anyway. */
export const textEdits = (pieces: readonly string[], maxLength = 3): fc.Arbitrary<readonly TextEdit[]> =>
  fc.array(
    fc.record({
      at: fc.nat(9999),
      does: fc.constantFrom('insert', 'replace', 'remove', 'double', 'cut'),
      text: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, oddText),
    }),
    { maxLength },
  );

export function edited(text: string, edits: readonly TextEdit[]): string {
  // No half of a character comes out of bytes that were sent.
  return edits.reduce(editOnce, text).toWellFormed();
}

function editOnce(text: string, { at, does, text: piece }: TextEdit): string {
  const place = at % (text.length + 1);
  const [head, tail] = [text.slice(0, place), text.slice(place)];
  switch (does) {
    case 'insert':
      return head + piece + tail;
    case 'replace':
      return head + piece + tail.slice(piece.length);
    case 'remove':
      return head + tail.slice(1);
    case 'double':
      return head + tail.slice(0, piece.length) + tail;
    case 'cut':
      return head;
  }
}
