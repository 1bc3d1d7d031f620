import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../prove/proof.ts';
import {
  ANYTHING,
  BUCKET,
  documentOf,
  ID,
  items,
  list,
  type Options,
  prove,
  read,
  type StatementText,
  TAG,
  verdicts,
} from './trial.ts';

describe('several policies', () => {
  const all = read(`${BUCKET}/*`);
  const deny = (statement: StatementText): StatementText => ({ ...statement, Effect: 'Deny' });
  test.each<[string, readonly StatementText[], Options, readonly Verdict[]]>([
    ['the role bounds', [all], { role: [read(`${BUCKET}/${TAG}/*`)] }, ['own']],
    [
      'the role bounds with a fallback',
      [all],
      { role: [read(`${BUCKET}/\${aws:PrincipalTag/TenantId, 'x'}/*`)] },
      ['own'],
    ],
    [
      'a tag that is not there has no value',
      [all],
      { role: [read(`${BUCKET}/\${aws:PrincipalTag/Home}/*`)] },
      ['closed'],
    ],
    [
      'unless there is a fallback',
      [all],
      { role: [read(`${BUCKET}/\${aws:PrincipalTag/Home, 'acme'}/*`)] },
      ['crosses'],
    ],
    [
      'a tag of the role',
      [all],
      { role: [read(`${BUCKET}/\${aws:PrincipalTag/Home}/*`)], roleTags: { Home: 'acme' } },
      ['crosses'],
    ],
    [
      'an empty tag has no value',
      [all],
      { role: [read(`${BUCKET}/\${aws:PrincipalTag/Home}*`)], roleTags: { Home: '' } },
      ['closed'],
    ],
    [
      'a tag with the id in it',
      [all],
      { role: [read(`${BUCKET}/\${aws:PrincipalTag/Home}/*`)], tags: { Home: `${ID}/home` } },
      ['own'],
    ],
    [
      'a tag with an attribute',
      [all],
      {
        role: [read(`${BUCKET}/\${aws:PrincipalTag/Home}/*`)],
        tags: { Home: '{{tenant.attributes.home}}' },
      },
      ['crosses'],
    ],
    ['a variable of the request', [all], { role: [read(`${BUCKET}/\${aws:userid}/*`)] }, ['crosses']],
    ['the boundary bounds', [all], { boundary: [read(`${BUCKET}/${TAG}/*`)] }, ['own']],
    [
      'neither bounds where the other is open',
      [read(`${BUCKET}/${ID}*`)],
      { role: [read(`${BUCKET}/*/x`)] },
      ['crosses'],
    ],
    ['the role knows other actions', [all], { role: [items()] }, ['closed']],
    ['NotAction in the role', [all], { role: [{ NotAction: 's3:*', Resource: '*' }] }, ['closed']],
    ['NotAction leaves reading', [all], { role: [{ NotAction: 's3:Put*', Resource: '*' }] }, ['crosses']],
    [
      'NotResource in the role',
      [all],
      { role: [{ Action: 's3:*', NotResource: `${BUCKET}/*` }] },
      ['closed'],
    ],
    [
      'NotResource leaves others',
      [all],
      { role: [{ Action: 's3:*', NotResource: `${BUCKET}/${TAG}/*` }] },
      ['crosses'],
    ],
    [
      'a Deny in the role',
      [all],
      { role: [ANYTHING, deny({ Action: 's3:*', NotResource: `${BUCKET}/${TAG}/*` })] },
      ['own'],
    ],
    [
      'a Deny with a hole',
      [all],
      { role: [ANYTHING, deny({ Action: 's3:Put*', NotResource: `${BUCKET}/${TAG}/*` })] },
      ['crosses'],
    ],
    ['a Deny of the own', [read(`${BUCKET}/${ID}/*`), deny(read(`${BUCKET}/${ID}/*`))], {}, ['closed']],
    [
      'a Deny of other prefixes',
      [list(), deny(list({ StringNotLike: { 's3:prefix': `${ID}/*` } }))],
      {},
      ['own'],
    ],
    [
      'a Deny of other prefixes, if there is one',
      [list(), deny(list({ StringNotLikeIfExists: { 's3:prefix': `${ID}/*` } }))],
      {},
      ['own'],
    ],
    [
      'a Deny of other prefixes, if there is one and Null',
      [list(), deny(list({ StringNotLike: { 's3:prefix': `${ID}/*` }, Null: { 's3:prefix': 'false' } }))],
      {},
      ['crosses'],
    ],
    [
      'a Deny of unencrypted traffic',
      [all, deny({ ...ANYTHING, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      {},
      ['crosses'],
    ],
    [
      'two statements, one of them open',
      [read(`${BUCKET}/${ID}/*`), read(`${BUCKET}/${ID}*`)],
      {},
      ['own', 'crosses'],
    ],
  ])('%s', (_, session, options, expected) => {
    expect(verdicts(prove(session, options))).toEqual(expected);
  });

  test.each<[string, readonly Verdict[], Options]>([
    ['that nobody knows', [], {}],
    [
      'that is bounded by the tag',
      ['own', 'own'],
      { managedPolicies: { [managed()]: documentOf([read(`${BUCKET}/${TAG}/*`)]) } },
    ],
    ['that is not', ['own', 'crosses'], { managedPolicies: { [managed()]: documentOf([all]) } }],
    [
      'in the language in which variables are text',
      ['own', 'undeclared'],
      {
        managedPolicies: {
          [managed()]: { ...documentOf([read(`${BUCKET}/${TAG}/*`)]), Version: '2008-10-17' },
        },
      },
    ],
  ])('a managed policy %s', (_, expected, options) => {
    const proof = prove([read(`${BUCKET}/${ID}/*`)], {
      ...options,
      policyArns: [{ arn: managed(), boundedBecause: 'so they say' }],
    });
    expect(verdicts(proof)).toEqual(expected);
    expect(proof.passed).toBe(expected.length > 0 && expected.every((verdict) => verdict === 'own'));
    expect(proof.undecided).toEqual(expected.length > 0 ? undefined : expect.stringContaining(managed()));
  });
});

function managed(): string {
  return 'arn:aws:iam::111122223333:policy/more';
}
