import { describe, expect, it, test } from 'vitest';
import {
  ANYTHING,
  BUCKET,
  EACH_OWN,
  ID,
  items,
  KEY,
  list,
  machines,
  OWN_TAG,
  prove,
  read,
  type StatementText,
  TAG,
  verdicts,
} from './trial.ts';

describe('a counterexample', () => {
  it('names tenants, request, statements and the cure', () => {
    const proof = prove([{ ...read(`${BUCKET}/${ID}*`) }], { boundary: [ANYTHING] });
    expect(proof.passed).toBe(false);
    expect(proof.rows[0]?.counterexample).toEqual({
      tenantId: 'acme',
      otherTenantId: 'acme-prod',
      reaches: 'objects',
      attributes: {},
      scope: {},
      action: 's3:GetObject',
      resource: `${BUCKET}/acme-prod/`,
      context: {},
      allowedBy: [
        { kind: 'identity', policy: 'own', statement: 'Statement[0]' },
        { kind: 'boundary', policy: 'permissions boundary', statement: 'Statement[0]' },
        { kind: 'session', policy: 'session policy', statement: 'Statement[0]' },
      ],
      cure: expect.stringContaining('delimiter'),
    });
  });

  test.each<[string, StatementText, string]>([
    ['Null', items(EACH_OWN), 'Null: {"dynamodb:LeadingKeys": "false"}'],
    ['IfExists', machines({ StringEqualsIfExists: { [OWN_TAG]: ID } }), 'write StringEquals'],
    ['ForAnyValue', items({ 'ForAnyValue:StringEquals': { [KEY]: ID } }), 'ForAllValues'],
    ['negation', list({ StringNotLike: { 's3:prefix': 'globex/*' } }), 'negated'],
    ['a wildcard before', read(`${BUCKET}/*/${ID}/*`), 'before every wildcard'],
    ['no id', read(`${BUCKET}/*`), `put ${ID} into`],
    ['what a tenant is called as', read(`${BUCKET}/reports/${ID}/*`), 'behind it'],
  ])('has the cure of %s', (_, statement, cure) => {
    expect(prove([statement]).rows[0]?.counterexample?.cure).toContain(cure);
  });

  it('says which keys the request leaves out', () => {
    expect(prove([items(EACH_OWN)]).rows[0]?.counterexample?.context).toEqual({ [KEY]: null });
  });
});

describe('a proof', () => {
  it('of more than its budget is not decided', () => {
    const proof = prove([read(`${BUCKET}/${ID}/*`)], { stepBudget: 50 });
    expect([proof.passed, proof.rows[0]?.verdict, proof.rows[0]?.undecided]).toEqual([
      false,
      'not decided',
      'budget',
    ]);
  });

  it('finds what crosses even when another row takes every step', () => {
    const write = (resource: string) => ({ ...read(resource), Action: 's3:PutObject' });
    const proof = prove([read(`${BUCKET}/*-??????`), write(`${BUCKET}/globex-*`)], {
      role: [read(`${BUCKET}/${TAG}-??????`), write(`${BUCKET}/globex-*`)],
      ownership: { owned: [{ name: 'secrets', resource: `${BUCKET}/${ID}-??????` }], shared: [] },
      stepBudget: 20_000,
    });
    expect(verdicts(proof)).toEqual(['not decided', 'crosses']);
  });

  it('of nothing has not passed', () => {
    expect(prove([{ ...read(`${BUCKET}/*`), Effect: 'Deny' }]).passed).toBe(false);
  });

  it('of a role that cannot be read is not decided', () => {
    const proof = prove([read(`${BUCKET}/${ID}/*`)], {
      role: [{ ...ANYTHING, Condition: { StringIs: { a: 'b' } } }],
    });
    expect([proof.passed, proof.rows]).toEqual([false, []]);
    expect(proof.undecided).toContain('StringIs');
  });

  it('of a declaration that tells nobody apart is not decided', () => {
    const ownership = { owned: [{ name: 'objects', resource: `${BUCKET}/*` }], shared: [] };
    expect(prove([read(`${BUCKET}/${ID}/*`)], { ownership }).undecided).toContain('objects');
  });
});
