import fc from 'fast-check';
import { oddJson, oddText } from './odd-values.ts';

/** What stands behind a member's colon: JSON, or what is only known when it is sent. */
export type MemberValue =
  | { readonly json: string }
  /** Seconds from now, as a number. */
  | { readonly secondsFromNow: number }
  /** A text that has never been sent. */
  | { readonly fresh: true };

/** A member of an object as it is written. Its name is JSON too. */
export interface Member {
  readonly name: string;
  readonly value: MemberValue;
}

/** A change of an object's members. */
export interface MemberEdit {
  readonly does: 'set' | 'double' | 'remove' | 'escape';
  readonly name: string;
  readonly value: MemberValue;
}

/** Around and between members. */
export interface Layout {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

export const PLAIN: Layout = { before: '', between: '', after: '' };

export const json = (value: unknown): MemberValue => ({ json: JSON.stringify(value) });

/** The members of an object whose values are known. */
export const membersOf = (values: Readonly<Record<string, MemberValue | undefined>>): readonly Member[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: JSON.stringify(name), value }],
  );

const layout: fc.Arbitrary<Layout> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(PLAIN) },
  {
    weight: 1,
    arbitrary: fc.record({
      before: fc.constantFrom('', ' ', '\n', '\ufeff', '[', '0', '{'),
      between: fc.constantFrom('', ' ', '\t\r\n', ',', '\u00a0'),
      after: fc.constantFrom('', ' ', ']', '}', '\u0000', '{}', ' '.repeat(3000)),
    }),
  },
);

/** Changes of an object, most of them of members that it may have, to values that are near right ones. */
export function memberEdits(near: Readonly<Record<string, readonly MemberValue[]>>) {
  const names = Object.keys(near);
  const edit: fc.Arbitrary<MemberEdit> = fc
    .oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: oddText })
    .chain((name) => {
      const odd = oddJson.map((text): MemberValue => ({ json: text }));
      const known = (Object.hasOwn(near, name) && near[name]) || [];
      return fc.record({
        does: fc.oneof(
          { weight: 6, arbitrary: fc.constant('set' as const) },
          fc.constantFrom('double', 'remove', 'escape'),
        ),
        name: fc.constant(name),
        value: known.length === 0 ? odd : fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...known) }, odd),
      });
    });
  return fc.record({ edits: fc.array(edit, { maxLength: 2 }), layout });
}

export type ObjectChange = {
  readonly edits: readonly MemberEdit[];
  readonly layout: Layout;
};

export function changed(members: readonly Member[], edits: readonly MemberEdit[]): readonly Member[] {
  return edits.reduce(changeOnce, members);
}

function changeOnce(members: readonly Member[], { does, name, value }: MemberEdit): readonly Member[] {
  const written = JSON.stringify(name);
  const place = members.findIndex((member) => member.name === written);
  const at = place === -1 ? members.length : place;
  switch (does) {
    case 'set':
      return members.toSpliced(at, 1, { name: written, value });
    case 'double':
      return members.concat({ name: written, value });
    case 'remove':
      return members.filter((member) => member.name !== written);
    case 'escape':
      return members.toSpliced(at, 1, { name: escaped(name), value: members[place]?.value ?? value });
  }
}

/** The same name to JSON, in another writing. */
function escaped(name: string): string {
  const [first = '', ...rest] = name.toWellFormed();
  const codes = [...first].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  return `"${codes}${JSON.stringify(rest.join('')).slice(1)}`;
}

/** The object's text, and what each member's value is in it. */
export function write(members: readonly Member[], { before, between, after }: Layout, seconds: number) {
  const values = members.map(({ name, value }) => ({ name, json: jsonOf(value, seconds) }));
  const inside = values.map((member) => `${member.name}${between}:${member.json}`).join(`,${between}`);
  return { text: `${before}{${inside}}${after}`, values };
}

function jsonOf(value: MemberValue, seconds: number): string {
  if ('json' in value) return value.json;
  return 'fresh' in value ? JSON.stringify(crypto.randomUUID()) : String(seconds + value.secondsFromNow);
}

/**
 * What the members say, by somebody who knows them one by one and has read no text: undefined where they are not JSON, where a
 * name stands twice or in another writing, or is `__proto__`, or where something else stands around them.
 */
export function readMembers(
  members: readonly { readonly name: string; readonly json: string }[],
  { before, between, after }: Layout,
): ReadonlyMap<string, unknown> | undefined {
  if (/[^ \t\r\n]/.test(before + after + (members.length === 0 ? '' : between))) return undefined;
  const said = new Map<string, unknown>();
  for (const { name, json: text } of members) {
    try {
      const read = JSON.parse(name) as string;
      if (JSON.stringify(read) !== name || said.has(read) || read === '__proto__') return undefined;
      said.set(read, JSON.parse(text));
    } catch {
      return undefined;
    }
  }
  return said;
}
