import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../prove/proof.ts';
import { BUCKET, ID, type Options, prove, read, type StatementText, verdicts } from './trial.ts';

describe('objects', () => {
  test.each<[string, string, Verdict]>([
    ['own', `${BUCKET}/${ID}/*`, 'own'],
    ['one of the own', `${BUCKET}/${ID}/logo.png`, 'own'],
    ['own in a wildcard and no further', `${BUCKET}/${ID}/*/x/*`, 'own'],
    ['no delimiter', `${BUCKET}/${ID}*`, 'crosses'],
    ['a hyphen for a delimiter', `${BUCKET}/${ID}-*`, 'crosses'],
    ['one character for a delimiter', `${BUCKET}/${ID}?*`, 'crosses'],
    ['a wildcard before', `${BUCKET}/*/${ID}/*`, 'crosses'],
    ['one character before', `${BUCKET}/?${ID}/*`, 'crosses'],
    ['a wildcard in the bucket', `arn:aws:s3:::dat*/${ID}/*`, 'crosses'],
    // By the reading that grants more, a star that ends a segment runs past its colon: into data/globex/x:data/acme/y.
    ['wildcards for segments', `arn:aws:s3:*:*:data/${ID}/*`, 'crosses'],
    ['another bucket', `arn:aws:s3:::other/${ID}/*`, 'undeclared'],
    ['everything', '*', 'crosses'],
    ['another tree, which a tenant can be called as', `${BUCKET}/reports/${ID}/*`, 'crosses'],
    ['another tree, which no tenant can be called as', `${BUCKET}/_reports/${ID}/*`, 'undeclared'],
    ['a tenant by name', `${BUCKET}/acme/*`, 'crosses'],
    ['no tenant by name: it begins with a hyphen', `${BUCKET}/-acme/*`, 'undeclared'],
    ['no tenant by name: upper case', `${BUCKET}/Acme/*`, 'undeclared'],
    ['no tenant: too short', `${BUCKET}/ab/*`, 'undeclared'],
    ['no tenant: too long', `${BUCKET}/${'a'.repeat(49)}/*`, 'undeclared'],
    ['shared', `${BUCKET}/_public/*`, 'shared'],
    ['more than shared', `${BUCKET}/_publi*`, 'undeclared'],
    ['a star that is escaped', `${BUCKET}/\${*}/${ID}/*`, 'undeclared'],
    ['the bucket itself', BUCKET, 'undeclared'],
  ])('%s', (_, resource, verdict) => {
    expect(verdicts(prove([read(resource)]))).toEqual([verdict]);
  });
});

describe('actions', () => {
  test.each<[string, StatementText, Verdict]>([
    ['a service', { Action: 's3:*', Resource: `${BUCKET}/${ID}/*` }, 'own'],
    [
      'a service on a bucket',
      { Action: 's3:*', Resource: BUCKET, Condition: { StringLike: { 's3:prefix': `${ID}/*` } } },
      'undeclared',
    ],
    [
      'some of a service',
      { Action: 's3:Lis?Bucket', Resource: BUCKET, Condition: { StringLike: { 's3:prefix': `${ID}/*` } } },
      'undeclared',
    ],
    [
      'one, in other letters',
      { Action: 'S3:lISTbUCKET', Resource: BUCKET, Condition: { StringLike: { 's3:prefix': `${ID}/*` } } },
      'own',
    ],
    ['more than are shared', { Action: 's3:Get*', Resource: `${BUCKET}/_public/*` }, 'undeclared'],
    ['all', { Action: '*', Resource: `${BUCKET}/${ID}/*` }, 'own'],
  ])('%s', (_, statement, verdict) => {
    expect(verdicts(prove([statement]))).toEqual([verdict]);
  });
});

describe('what callers and operators choose', () => {
  const folder = (pattern: string, optional = false) => ({
    scope: { folder: { description: 'a folder', pattern, optional } },
  });
  test.each<[string, string, Options, Verdict]>([
    ['a scope behind the id', `${BUCKET}/${ID}/{{scope.folder}}*`, folder('[a-z/]*', true), 'own'],
    ['a scope before the id', `${BUCKET}/{{scope.folder}}${ID}/*`, folder('[a-z]+/'), 'crosses'],
    [
      'a scope before the id that no tenant is called as',
      `${BUCKET}/{{scope.folder}}${ID}/*`,
      folder('_[a-z]+/'),
      'undeclared',
    ],
    ['a scope that ends the id', `${BUCKET}/${ID}{{scope.folder}}/*`, folder('[a-z]+'), 'crosses'],
    ['a scope that cannot', `${BUCKET}/${ID}{{scope.folder}}/*`, folder('/[a-z]+'), 'own'],
    ['one that may be left out', `${BUCKET}/${ID}{{scope.folder}}*`, folder('/[a-z]+/', true), 'crosses'],
    ['one whose pattern is not read', `${BUCKET}/${ID}{{scope.folder}}/*`, folder('\\x61+'), 'not decided'],
    ['an attribute for the id', `${BUCKET}/{{tenant.attributes.home}}/*`, {}, 'crosses'],
    ['an attribute behind the id', `${BUCKET}/${ID}/{{tenant.attributes.home}}/*`, {}, 'own'],
    ['an attribute is not a wildcard', `${BUCKET}/_{{tenant.attributes.home}}/*`, {}, 'undeclared'],
  ])('%s', (_, resource, options, verdict) => {
    expect(verdicts(prove([read(resource)], options))).toEqual([verdict]);
  });
});
