import { describe, expect, it, test } from 'vitest';
import { parseCarriedSession } from '../../../../functions/core/token/carried-session.ts';

const TAGS = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';

describe('what a token says to STS', () => {
  it('is read as STS reads it', () => {
    const claims = {
      sub: 'user-1',
      [TAGS]: { principal_tags: { TenantId: ['acme'], Plan: [''] }, transitive_tag_keys: ['TenantId'] },
      [SOURCE_IDENTITY]: 'acme.somebody',
    };
    expect(parseCarriedSession(claims)).toEqual({
      tags: [
        { key: 'TenantId', value: 'acme' },
        { key: 'Plan', value: '' },
      ],
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: 'acme.somebody',
      roleSessionName: undefined,
    });
  });

  it('is nothing in a token that says nothing', () => {
    expect(parseCarriedSession({ sub: 'user-1', tags: {}, aud: TAGS })).toBeUndefined();
  });

  it('is nothing where a prototype says it', () => {
    expect(parseCarriedSession(Object.create({ [TAGS]: {}, [SOURCE_IDENTITY]: 'acme' }))).toBeUndefined();
  });

  test.each<[string, unknown, unknown]>([
    ['no tags', {}, { tags: [], transitiveTagKeys: [] }],
    ['tags alone', { principal_tags: { a: ['b'] } }, { tags: [{ key: 'a', value: 'b' }] }],
    ['keys alone', { transitive_tag_keys: ['a'] }, { tags: [], transitiveTagKeys: ['a'] }],
    [
      'a key of objects',
      JSON.parse('{"principal_tags":{"__proto__":["x"]}}'),
      { tags: [{ key: '__proto__' }] },
    ],
  ])('may be %s', (_what, tags, carried) => {
    expect(parseCarriedSession({ [TAGS]: tags })).toMatchObject(carried as object);
  });

  it('may be a source identity alone', () => {
    expect(parseCarriedSession({ [SOURCE_IDENTITY]: 'acme' })).toMatchObject({
      tags: [],
      sourceIdentity: 'acme',
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['the flat form', { [`${TAGS}/principal_tags/TenantId`]: ['acme'] }],
    ['both forms', { [TAGS]: {}, [`${TAGS}/transitive_tag_keys`]: ['TenantId'] }],
    ['tags that are null', { [TAGS]: null }],
    ['tags that are a list', { [TAGS]: [] }],
    ['tags that are a text', { [TAGS]: 'TenantId=acme' }],
    ['another member', { [TAGS]: { principal_tags: {}, session_tags: {} } }],
    ['values that are no list', { [TAGS]: { principal_tags: { TenantId: 'acme' } } }],
    ['two values', { [TAGS]: { principal_tags: { TenantId: ['acme', 'globex'] } } }],
    ['no value', { [TAGS]: { principal_tags: { TenantId: [] } } }],
    ['a value that is no text', { [TAGS]: { principal_tags: { TenantId: [1] } } }],
    ['one of several in another form', { [TAGS]: { principal_tags: { a: ['b'], c: 'd' } } }],
    ['principal tags that are a list', { [TAGS]: { principal_tags: [] } }],
    ['keys that are a text', { [TAGS]: { transitive_tag_keys: 'TenantId' } }],
    ['keys that are no texts', { [TAGS]: { transitive_tag_keys: [1] } }],
    ['a source identity that is no text', { [SOURCE_IDENTITY]: ['acme'] }],
    ['one that is null', { [SOURCE_IDENTITY]: null }],
  ])('is not guessed: %s is unreadable', (_what, claims) => {
    expect(parseCarriedSession(claims)).toBe('unreadable');
  });
});
