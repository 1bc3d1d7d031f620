import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../prove/proof.ts';
import {
  EACH_OWN,
  ID,
  items,
  KEY,
  list,
  machines,
  OWN_TAG,
  PRESENT,
  prove,
  type StatementText,
  TABLE,
  verdicts,
} from './trial.ts';

describe('conditions', () => {
  test.each<[string, StatementText, Verdict]>([
    ['a list of the own', list({ StringLike: { 's3:prefix': `${ID}/*` } }), 'own'],
    ['a list of one', list({ StringEquals: { 's3:prefix': `${ID}/x` } }), 'own'],
    ['a prefix without a delimiter, exact', list({ StringEquals: { 's3:prefix': ID } }), 'crosses'],
    ['a prefix without a delimiter', list({ StringLike: { 's3:prefix': `${ID}*` } }), 'crosses'],
    ['a list without a prefix', list(), 'crosses'],
    ['the empty prefix', list({ StringEquals: { 's3:prefix': ['', `${ID}/`] } }), 'crosses'],
    ['IfExists', list({ StringLikeIfExists: { 's3:prefix': `${ID}/*` } }), 'crosses'],
    ['negated', list({ StringNotLike: { 's3:prefix': 'globex/*' } }), 'crosses'],
    ['without case', list({ StringEqualsIgnoreCase: { 's3:prefix': `${ID}/` } }), 'undeclared'],
    ['own items', items({ ...EACH_OWN, ...PRESENT }), 'own'],
    ['every action on own items', items({ ...EACH_OWN, ...PRESENT }, 'dynamodb:*'), 'own'],
    ['ForAllValues without Null', items(EACH_OWN), 'crosses'],
    ['Null the wrong way', items({ ...EACH_OWN, Null: { [KEY]: 'true' } }), 'crosses'],
    ['ForAnyValue', items({ 'ForAnyValue:StringEquals': { [KEY]: ID } }), 'crosses'],
    ['no set operator', items({ StringEquals: { [KEY]: ID } }), 'not decided'],
    ['keys like the own', items({ 'ForAllValues:StringLike': { [KEY]: `${ID}*` }, ...PRESENT }), 'crosses'],
    [
      'a star that is compared',
      items({ 'ForAllValues:StringEquals': { [KEY]: `${ID}*` }, ...PRESENT }),
      'undeclared',
    ],
    [
      'own and shared items',
      items({ 'ForAllValues:StringEquals': { [KEY]: [ID, '_plans'] }, ...PRESENT }),
      'undeclared',
    ],
    ['shared items', items({ 'ForAllValues:StringEquals': { [KEY]: '_plans' }, ...PRESENT }), 'shared'],
    [
      'the keys not of all others',
      items({ 'ForAllValues:StringNotEquals': { [KEY]: 'globex' }, ...PRESENT }),
      'crosses',
    ],
    ['own machines', machines({ StringEquals: { [OWN_TAG]: ID } }), 'own'],
    [
      'own machines by an ARN operator',
      machines({ ArnLike: { [OWN_TAG]: `arn:aws:x:::${ID}` } }),
      'undeclared',
    ],
    ['own machines, if tagged', machines({ StringEqualsIfExists: { [OWN_TAG]: ID } }), 'crosses'],
    ['machines whose tag begins so', machines({ StringLike: { [OWN_TAG]: `${ID}*` } }), 'crosses'],
    ['ForAllValues of one tag', machines({ 'ForAllValues:StringEquals': { [OWN_TAG]: ID } }), 'crosses'],
    ['the tag of who asks', machines({ StringEquals: { 'aws:PrincipalTag/TenantId': ID } }), 'crosses'],
    ['machines of nobody', machines({ StringEquals: { 'aws:PrincipalTag/TenantId': 'ACME' } }), 'closed'],
    ['a tag that no session has', machines({ StringEquals: { 'aws:PrincipalTag/Team': 'x' } }), 'closed'],
    [
      'numbers that contradict',
      list({ NumericLessThan: { 's3:max-keys': '1' }, NumericGreaterThan: { 's3:max-keys': '1' } }),
      'closed',
    ],
    [
      'numbers with room between',
      list({ NumericLessThan: { 's3:max-keys': '2' }, NumericGreaterThan: { 's3:max-keys': '1' } }),
      'crosses',
    ],
    [
      'a network',
      list({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, NotIpAddress: { 'aws:SourceIp': '10.0.0.0/9' } }),
      'crosses',
    ],
    [
      'no network',
      list({ IpAddress: { 'aws:SourceIp': '10.0.0.0/9' }, NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
      'closed',
    ],
    [
      'as text and as a number',
      list({ StringLike: { 's3:max-keys': '1*' }, NumericLessThan: { 's3:max-keys': '5' } }),
      'not decided',
    ],
  ])('%s', (_, statement, verdict) => {
    expect(verdicts(prove([statement]))).toEqual([verdict]);
  });
});

test('a key with several values is compared by a set operator, or nothing is decided', () => {
  const [row] = prove([items({ StringEquals: { [KEY]: ID } })]).rows;
  expect(row?.undecided).toContain('put ForAllValues: before it');
});

test('a tag of the role can be empty', () => {
  const untold = machines({ StringEquals: { 'aws:PrincipalTag/Home': '' } });
  expect(verdicts(prove([untold], { roleTags: { Home: '' } }))).toEqual(['crosses']);
  expect(verdicts(prove([untold], { roleTags: { Home: 'x' } }))).toEqual(['closed']);
});

test('what is shared by a key is not shared without it', () => {
  const table = `${TABLE}-plans`;
  const plans = { 'ForAllValues:StringEquals': { [KEY]: 'plans' } };
  const ownership = {
    owned: [],
    shared: [
      { actions: ['dynamodb:*'], resource: table, by: { key: KEY, value: 'plans' }, why: 'price list' },
    ],
  };
  const read = (Condition: object) => ({ Action: 'dynamodb:GetItem', Resource: table, Condition });
  expect(verdicts(prove([read({ ...plans, ...PRESENT })], { ownership }))).toEqual(['shared']);
  expect(verdicts(prove([read(plans)], { ownership }))).toEqual(['undeclared']);
});
