import { describe, expect, it, test } from 'vitest';
import { ConfigurationError } from '../../../../functions/core/errors.ts';
import { parseProfile, parseProfiles } from '../../../../functions/core/profile/profile.ts';
import { RESOURCES, sampleDefinition } from '../sample.ts';

const RESOURCE = 'arn:aws:s3:::b/{{tenant.id}}/*';
const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: RESOURCE };
const withStatements = (...Statement: object[]) =>
  ({ ...sampleDefinition(), policy: { Version: '2012-10-17', Statement } }) as unknown;
const withCondition = (Condition: object) => withStatements({ ...statement, Condition });
const times = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, index) => make(index));
const members = (length: number, value: unknown, name = 'x') =>
  Object.fromEntries(times(length, (index) => [`${name}${index}`, value]));
const parameter = (changes: object = {}) => ({ description: 'x', pattern: 'a', ...changes });

describe('a profile takes no more than', () => {
  test.each<[string, string, (count: number) => unknown, number]>([
    ['20 statements', 'policy.Statement', (count) => withStatements(...Array(count).fill(statement)), 20],
    ...(['Action', 'Resource'] as const).map(
      (member): [string, string, (count: number) => unknown, number] => [
        `50 entries of ${member}`,
        `policy.Statement.1.${member}`,
        (count) =>
          withStatements(statement, { ...statement, Effect: 'Deny', [member]: Array(count).fill('*') }),
        50,
      ],
    ),
    [
      '50 values of a condition',
      'policy.Statement.0.Condition.StringLike',
      (count) => withCondition({ StringLike: { 's3:prefix': Array(count).fill('x') } }),
      50,
    ],
    [
      '20 keys of an operator',
      'policy.Statement.0.Condition.StringLike',
      (count) => withCondition({ StringLike: members(count, 'x', 's3:prefix') }),
      20,
    ],
    ['20 tags', 'tags', (count) => ({ ...sampleDefinition(), tags: members(count, 'x') }), 20],
    [
      '20 scope parameters',
      'scope',
      (count) => ({ ...sampleDefinition(), scope: members(count, parameter()) }),
      20,
    ],
    [
      '50 required scopes',
      'requiredScopes',
      (count) => ({ ...sampleDefinition(), requiredScopes: Array(count).fill('x') }),
      50,
    ],
    [
      '1024 characters of description',
      'description',
      (count) => ({ ...sampleDefinition(), description: 'x'.repeat(count) }),
      1024,
    ],
    [
      '1024 characters of a Resource',
      'policy.Statement.0.Resource',
      (count) => withStatements({ ...statement, Resource: RESOURCE.padEnd(count, 'x') }),
      1024,
    ],
    [
      '1024 characters of a condition value',
      'policy.Statement.0.Condition',
      (count) => withCondition({ StringLike: { 's3:prefix': 'x'.repeat(count) } }),
      1024,
    ],
    [
      '1024 characters of an Action',
      'policy.Statement.0.Action',
      (count) => withStatements({ ...statement, Action: 's3:'.padEnd(count, 'x') }),
      1024,
    ],
    [
      '1024 characters of a Sid',
      'policy.Statement.0.Sid',
      (count) => withStatements({ ...statement, Sid: 'x'.repeat(count) }),
      1024,
    ],
    [
      '64 characters of an example',
      'scope.x.example',
      (count) => ({
        ...sampleDefinition(),
        scope: { x: parameter({ pattern: 'a+', example: 'a'.repeat(count) }) },
      }),
      64,
    ],
    [
      '32768 characters altogether',
      'characters of JSON',
      (count) => ({
        ...sampleDefinition(),
        more: 'x'.repeat(count - JSON.stringify({ ...sampleDefinition(), more: '' }).length),
      }),
      32_768,
    ],
  ])('%s', (_what, named, definition, limit) => {
    // At the limit other things may be wrong with it: that the policy is too long, for one.
    expect(refusalOf(definition(limit))).not.toContain(named);
    expect(refusalOf(definition(limit + 1))).toContain(named);
  });

  test('whole characters', () => {
    expect(refusalOf(sampleDefinition({ description: '\ud800' }))).toContain(
      'description: got half a character',
    );
  });
});

/** How it ends, so that none is fast only because it is refused for something else. */
const TAKEN = '';

describe('profiles within the limits are read at once', () => {
  /** None of the resources is that of another statement, and nothing else keeps the two apart. */
  const apart = (at: number) =>
    withStatements(
      ...times(4, (index) => ({
        Effect: 'Allow',
        Action: 'a:b',
        Resource: times(40, (each) => `${at}${String.fromCharCode(97 + index)}${each}`),
        Condition: { StringEquals: { 'a:ResourceTag/a': '{{tenant.id}}' } },
      })),
    );
  const prefixes = (at: number) =>
    withStatements({
      ...statement,
      Resource: times(25, (each) => `arn:a:b:c:d:${at}${String.fromCharCode(97 + each)}/{{tenant.id}}`),
    });
  const own = (make: (at: number) => unknown) =>
    times(10, (at) => ({ ...(make(at) as object), name: `own-${at}` }));
  const slow = { pattern: `a*a*a{21}(?:${'\\B'.repeat(115)}a)!`, example: 'a'.repeat(64) };

  test.each<[string, unknown[], string]>([
    [
      'texts of half-open braces',
      [withStatements({ ...statement, Resource: times(30, () => '{{tenant.id}}'.padEnd(1024, '{{scope.')) })],
      'got stray braces',
    ],
    [
      'as many statements and entries as there may be',
      [
        withStatements(
          ...times(20, () => ({
            ...statement,
            Action: Array(50).fill('*'),
            Resource: Array(30).fill(RESOURCE),
          })),
        ),
      ],
      'expected at most 2048',
    ],
    [
      'patterns as long as they may be',
      [{ ...sampleDefinition(), scope: members(20, parameter({ pattern: '[^a]'.repeat(64) })) }],
      TAKEN,
    ],
    [
      'a pattern that is slow to compare',
      [{ ...sampleDefinition(), scope: { x: parameter(slow) } }],
      'example',
    ],
    ['conditions that could meet others, were they on the same resources', own(apart), TAKEN],
    ['resources of which none begins as another does', own(prefixes), TAKEN],
  ])('%s', (_what, definitions, message) => {
    const start = performance.now();
    const said = messageOf(() => parseProfiles(definitions, RESOURCES));
    const milliseconds = performance.now() - start;
    if (message === TAKEN) expect(said).toBe(TAKEN);
    else expect(said).toContain(message);
    // Ten times and more what it takes: before there were limits, it was many seconds.
    expect(milliseconds).toBeLessThan(1000);
  });

  it('of which one is too long for a policy before its texts are compared with each other', () => {
    const Resource = times(50, (index) => `arn:aws:s3:::${'b'.repeat(index)}/{{tenant.id}}/*`);
    const overlapping = [...Resource.slice(1), 'arn:aws:s3:::b/b-{{tenant.id}}/*'];
    expect(refusalOf(withStatements({ ...statement, Resource: overlapping }))).toContain(
      'expected at most 2048',
    );
  });
});

function refusalOf(definition: unknown): string {
  return messageOf(() => parseProfile(definition, RESOURCES));
}

function messageOf(work: () => unknown): string {
  try {
    work();
    return TAKEN;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}
