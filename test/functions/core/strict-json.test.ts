import { array, assert, constantFrom, letrec, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseStrictJson, parseStrictJsonObject } from '../../../functions/core/strict-json.ts';

const levels = (depth: number, [open, close] = ['[', ']']) =>
  open?.repeat(depth) + (close ?? '').repeat(depth);

describe('JSON that says everything once', () => {
  test.each([
    ['colons in a string', '{"a:b":"c:d:","e":":"}'],
    ['quotes in a string', String.raw`{"a":"\\","c":"\\\":","d":["\":"]}`],
    ['a string that ends in a backslash', String.raw`["\\",{"a":"\\"}]`],
    ['escapes of every form in values', String.raw`{"a":"\u0061\n\/\b" , "b":["\\u"]}`],
    ['line separators, which JSON does not escape', '{"\u2028":"\u2029:"}'],
    ['surrogates, whole and half', String.raw`{"😀":"\ud83d\ude00:","b":"\ud800"}`],
    ['one name in different objects', '[{"a":1},{"a":{"a":[{"a":2}]}}]'],
    ['names of members of every object', '{"constructor":1,"toString":{"hasOwnProperty":2},"proto":3}'],
    ['names that are numbers', '{"2":1,"1":{"0":[]},"01":4,"1.0":5,"4294967295":6}'],
    ['an empty name', '{"":{"":1}}'],
    ['numbers of every form', '[1e400,-0,1E-9,9007199254740993]'],
    ['white space', ' {\t"a"\n:\r1 } '],
    ['16 levels', levels(16)],
    ['16 levels of objects', `${'{"a":'.repeat(15)}{}${'}'.repeat(15)}`],
    ['a value alone', '":"'],
  ])('is what JSON.parse reads: %s', (_what, text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['a member twice', '{"a":1,"a":2}', 'a member stands twice'],
    ['with the same value', '{"a":1,"a":1}', 'a member stands twice'],
    ['once escaped', String.raw`{"a":1,"\u0061":2}`, 'a member name is escaped'],
    ['an escaped name', String.raw`[{"a":{"\u0062" : 1}}]`, 'a member name is escaped'],
    ['an escaped backslash in a name', String.raw`{"a\\":1}`, 'a member name is escaped'],
    ['an escaped quote in a name', String.raw`{"\"":1}`, 'a member name is escaped'],
    ['an escaped colon in a name', String.raw`{"a\u003a":1}`, 'a member name is escaped'],
    ['in a list, deep', '{"b":[[{"a":1,"c":{},"a":2}]]}', 'a member stands twice'],
    ['in what another of its name hides', '{"a":{"b":1,"b":2},"a":3}', 'a member stands twice'],
    ['an empty name twice', '{"":1,"":2}', 'a member stands twice'],
    ['a number twice', '{"1":1,"1":2}', 'a member stands twice'],
    ['__proto__', '{"__proto__":{"a":1}}', 'a member is called __proto__'],
    ['__proto__ escaped', String.raw`[{"\u005f_proto__":1}]`, 'a member name is escaped'],
    ['17 levels', levels(17), 'nested too deep'],
    ['17 levels, mixed', `${levels(8)}`.replace('[]', `[${'{"a":'.repeat(8)}[]${'}'.repeat(8)}]`), 'deep'],
    ['5,000 levels', levels(5000), 'nested too deep'],
    ['no JSON', '{"secret-part', 'not JSON'],
    ['single quotes', "{'a':1}", 'not JSON'],
    ['a comment', '{"a":1/*:*/}', 'not JSON'],
    ['a comma too many', '{"a":1,}', 'not JSON'],
    ['two values', '{}{}', 'not JSON'],
    ['a byte order mark', '\uFEFF{}', 'not JSON'],
    ['a raw newline in a string', '{"a\n":1}', 'not JSON'],
    ['an unknown escape', String.raw`{"\:":1}`, 'not JSON'],
    ['nothing', '', 'not JSON'],
  ])('is refused: %s', (_what, text, message) => {
    expect(() => parseStrictJson(text)).toThrow(SyntaxError);
    expect(() => parseStrictJson(text)).toThrow(message);
    expect(() => parseStrictJson(text)).not.toThrow('secret-part');
  });

  test.each(['[]', 'null', '"{}"', '1'])('is no object: %s', (text) => {
    expect(() => parseStrictJsonObject(text)).toThrow('not an object');
  });

  it('whatever has been read before', () => {
    const twice = String.raw`{"x":1,"su":2,"su\u":3}`;
    for (const text of [String.raw`{"x":1,"su\\":2}`, twice, String.raw`{"x":1,"su\u0062":2}`])
      expect(() => parseStrictJson(text)).toThrow(SyntaxError);
    expect(parseStrictJson('{"x":1,"sub":2}')).toEqual({ x: 1, sub: 2 });
  });

  it('or is not, as it was written', () => {
    // Written member by member, since JSON.stringify says nothing twice.
    const { text } = letrec<{ text: Written }>((tie) => ({
      text: oneof(
        { maxDepth: 6, withCrossShrink: true },
        string({ unit: constantFrom(':', '"', '\\', '{', '}', ',', 'a'), maxLength: 6 }).map(
          (value): Written => ({ text: JSON.stringify(value), isTwice: false }),
        ),
        array(tie('text'), { maxLength: 3 }).map(listed),
        array(tuple(constantFrom('a', 'b', ':', '{', 'b:', ',a:', 'é', '1'), tie('text')), {
          maxLength: 3,
        }).map(objectOf),
      ),
    }));
    let twice = 0;
    assert(
      property(text, ({ text, isTwice }) => {
        twice += Number(isTwice);
        if (isTwice) expect(() => parseStrictJson(text)).toThrow('a member stands twice');
        else expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
    expect(twice).toBeGreaterThan(50);
  });
});

interface Written {
  readonly text: string;
  readonly isTwice: boolean;
}

function listed(elements: readonly Written[]): Written {
  return {
    text: `[${elements.map(({ text }) => text).join(' , ')}]`,
    isTwice: elements.some(({ isTwice }) => isTwice),
  };
}

function objectOf(members: readonly (readonly [name: string, value: Written])[]): Written {
  const names = new Set(members.map(([name]) => name));
  return {
    text: `{${members.map(([name, { text }]) => `${JSON.stringify(name)}: ${text}`).join(',')}}`,
    isTwice: names.size < members.length || members.some(([, { isTwice }]) => isTwice),
  };
}

/** As much as a body may have; a token may have half of it. */
const SIZE = 16 * 1024;
const fill = (part: string, separator = ',') =>
  Array.from({ length: SIZE / (part.length + separator.length) }, () => part).join(separator);

describe('the worst of 16 KiB is read in milliseconds', () => {
  test.each([
    ['brackets', levels(SIZE / 2)],
    ['brackets alone', '['.repeat(SIZE)],
    ['members inside each other', '{"":'.repeat(SIZE / 4)],
    ['quotes', `[${fill('""')}]`],
    ['quotes alone', '"'.repeat(SIZE)],
    ['escaped quotes', `"${fill(String.raw`\"`, '')}`],
    ['backslashes', `"${fill(String.raw`\\\\`, '')}"`],
    ['colons in strings', `[${fill('"::::::::"')}]`],
    ['objects', `[${fill('{}')}]`],
    ['one member again and again', `{${fill('"a":1')}}`],
    ['many members', `{${Array.from({ length: 1600 }, (_, index) => `"${index.toString(36)}":1`)}}`],
    ['numbers for names', `{${Array.from({ length: 1200 }, (_, i) => `"${(i * 2654435761) % 2 ** 32}":1`)}}`],
    ['lists under 16 levels', levels(15).replace('[]', `[${fill('[]')}]`)],
    ['a long number', '1'.repeat(SIZE)],
    ['a long exponent', `1e${'9'.repeat(SIZE)}`],
  ])('%s', (_what, text) => {
    // The best of several: other processes stop this one.
    const milliseconds = Array.from({ length: 7 }, () => {
      const start = performance.now();
      try {
        parseStrictJson(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
      return performance.now() - start;
    });
    expect(Math.min(...milliseconds)).toBeLessThan(5);
  });
});
