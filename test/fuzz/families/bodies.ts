import fc from 'fast-check';
import { ask, type Surroundings } from '../ask.ts';
import { createFamily, type Family } from '../family.ts';
import {
  changed,
  json,
  memberEdits,
  membersOf,
  type ObjectChange,
  readMembers,
  write,
} from '../json-members.ts';
import { edited, oddJson, oddText, type TextEdit, textEdits } from '../odd-values.ts';
import { makeToken, rightToken } from '../token-plan.ts';

interface BodyInput {
  readonly base: Readonly<Record<string, unknown>>;
  readonly change: ObjectChange;
  readonly edits: readonly TextEdit[];
  /** In place of all that. */
  readonly other: string | Uint8Array | undefined;
  readonly contentType: string | undefined;
  readonly asEvent: boolean;
}

const change = memberEdits({
  profile: ['app', 'read-only', 'narrow', 'nobody', ' app', 'App', ['app']].map(json),
  durationSeconds: [899, 900, 1800, 1801, 3600, 3601, 43_200, 900.5, '900', null].map(json),
  scope: [
    { folder: 'reports/' },
    { folder: '../globex/' },
    { folder: '*/' },
    { folder: '${aws:username}/' },
    { folder: 'a/', FOLDER: 'b/' },
    { folder: ['a/'] },
    { constructor: 'a' },
    [],
  ].map(json),
  format: ['sdk', 'process', 'container', 'env', 'SDK', 'html'].map(json),
  tenantId: ['globex'].map(json),
  mfa: ['123456'].map(json),
});

const folder = oddText.map((text) => `${text}/`);
const bases = fc.oneof(
  fc.constantFrom(
    {},
    { profile: 'app' },
    { durationSeconds: 900 },
    { format: 'env' },
    { format: 'container' },
  ),
  folder.map((value) => ({ scope: { folder: value } })),
  folder.map((value) => ({ profile: 'narrow', scope: { folder: value } })),
);

const input: fc.Arbitrary<BodyInput> = fc.record({
  base: bases as fc.Arbitrary<Readonly<Record<string, unknown>>>,
  change: fc.oneof(
    fc.constant<ObjectChange>({ edits: [], layout: { before: '', between: '', after: '' } }),
    change,
  ),
  edits: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    textEdits(['{', '}', '"', ':', ',', '\\', '[', '__proto__']),
  ),
  other: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: oddJson },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 16_000, max: 17_000 }).map((length) => `{${' '.repeat(length)}}`),
    },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 8000 }).map((depth) => '{"scope":'.repeat(depth)) },
  ),
  contentType: fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    fc.constantFrom(
      undefined,
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8"',
      'application/json; charset=utf-16',
      'application/jsonx',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      `application/json${' '.repeat(4000)}`,
      `application/json;${' charset'.repeat(500)}`,
    ),
  ),
  asEvent: fc.boolean(),
});

const MEMBERS = ['profile', 'durationSeconds', 'scope', 'format'];
const JSON_TYPE = /^application\/json *(?:;.*)?$/;

/** Bodies of a caller with a good token, of the schema and beyond it. */
export function bodies(around: Surroundings): Family {
  return createFamily({
    name: 'bodies',
    share: 20,
    inputs: input,
    watch: around.watch,
    attempt({ base, change, edits, other, contentType, asEvent }) {
      const values = Object.fromEntries(Object.entries(base).map(([name, value]) => [name, json(value)]));
      const written = write(changed(membersOf(values), change.edits), change.layout, 0);
      const body = other ?? edited(written.text, edits);
      const isKnown = other === undefined && edits.length === 0;
      const token = makeToken(around.world, rightToken('pool')).text;
      // What reads a body as text passes over a mark of byte order (RFC 8259, 8.1).
      const layout = { ...change.layout, before: change.layout.before.replace('\ufeff', '') };
      const said = isKnown ? readMembers(written.values, layout) : undefined;
      const mayBeTaken =
        body.length === 0 ||
        (isJson(contentType) && (isKnown ? said !== undefined && isRequest(said) : mayRead(body)));
      return ask(
        around,
        {
          method: 'POST',
          path: '/credentials',
          headers: [
            ['Authorization', `Bearer ${token}`],
            ...(contentType === undefined ? [] : [['Content-Type', contentType] as const]),
          ],
          body,
          asEvent,
        },
        {
          tenantAt: () => (mayBeTaken ? 'acme' : undefined),
          hints: hintsIn(said?.get('scope')),
          mustBeGranted: isKnown && written.text === '{}' && contentType === 'application/json',
        },
      );
    },
  });
}

function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && JSON_TYPE.test(contentType.trim()) && !contentType.includes('utf-16');
}

/** By the API's words alone: these members, of these types. */
function isRequest(said: ReadonlyMap<string, unknown>): boolean {
  const isOneOf = (name: string, values: readonly unknown[]) =>
    !said.has(name) || values.includes(said.get(name));
  return (
    [...said.keys()].every((name) => MEMBERS.includes(name)) &&
    isOneOf('profile', ['app', 'read-only', 'narrow']) &&
    isOneOf('format', ['sdk', 'process', 'container', 'env']) &&
    (!said.has('durationSeconds') || isDuration(said.get('durationSeconds'), said.get('profile'))) &&
    (!said.has('scope') || isScope(said.get('scope')))
  );
}

function isDuration(seconds: unknown, profile: unknown): boolean {
  const most = profile === 'narrow' ? 1800 : 3600;
  return typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 900 && seconds <= most;
}

function isScope(scope: unknown): boolean {
  return (
    typeof scope === 'object' &&
    scope !== null &&
    !Array.isArray(scope) &&
    Object.values(scope).every((value) => typeof value === 'string')
  );
}

/** Of a text that nobody has put together: JSON at all, and nothing that stands twice by a count of quoted names. */
function mayRead(body: string | Uint8Array): boolean {
  if (body.length > 16_384) return false;
  try {
    const read = JSON.parse(new TextDecoder().decode(Buffer.from(body)));
    return (
      typeof read === 'object' &&
      read !== null &&
      !Array.isArray(read) &&
      isRequest(new Map(Object.entries(read)))
    );
  } catch {
    return false;
  }
}

function hintsIn(scope: unknown): readonly string[] {
  return Object.values(Object(scope)).filter((value) => typeof value === 'string');
}
