import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import { createContext } from '../../policy/context.ts';
import { evaluateSession } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import type { Ownership } from '../../prove/ownership.ts';
import type { Proof } from '../../prove/proof.ts';
import { proveProfile } from '../../prove/prove-profile.ts';
import { BUCKET, ID, KEY, TABLE, TAG } from './trial.ts';
import { readUnchecked } from './unchecked-profile.ts';

const OWNERSHIP: Ownership = {
  owned: [
    { name: 'objects', resource: `${BUCKET}/${ID}/*` },
    {
      name: 'lists',
      resource: BUCKET,
      actions: ['s3:ListBucket'],
      by: { key: 's3:prefix', value: `${ID}/*`, reach: 'listing' },
    },
    { name: 'items', resource: TABLE, by: { key: KEY, value: ID } },
  ],
  shared: [],
};

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
interface StatementText {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Conditions;
}
interface World {
  readonly session: readonly StatementText[];
  readonly role: readonly StatementText[];
  readonly boundary: readonly StatementText[] | undefined;
}

const effect = fc.constantFrom('Allow' as const, 'Allow' as const, 'Allow' as const, 'Deny' as const);
/** Statements about objects, lists and items, right and wrong, with the id or the tag at `tenant`. */
function statement(tenant: string): fc.Arbitrary<StatementText> {
  const tails = ['/*', '*', '-*', '/x', '', '?/*', '/*/x'].map((tail) => `${tenant}${tail}`);
  const objects = fc.record({
    Effect: effect,
    Action: fc.constantFrom('s3:GetObject', 's3:*', '*', 's3:Get*'),
    Resource: fc
      .constantFrom(
        ...tails,
        ...tails.slice(0, 2).flatMap((tail) => [`x/${tail}`, `*${tail}`, `acme/${tail}`]),
        'acme/*',
        '*',
        '_/*',
      )
      .map((path) => `${BUCKET}/${path}`),
  });
  const prefixes = fc.constantFrom(`${tenant}/*`, `${tenant}/`, tenant, `${tenant}*`, 'acme*', '*', '', '_/');
  const lists = fc.record({
    Effect: effect,
    Action: fc.constantFrom('s3:ListBucket', 's3:List*'),
    Resource: fc.constantFrom(BUCKET, `${BUCKET}*`, '*'),
    Condition: fc
      .tuple(
        fc.constantFrom(
          'StringLike',
          'StringEquals',
          'StringNotLike',
          'StringLikeIfExists',
          'StringEqualsIgnoreCase',
        ),
        prefixes,
      )
      .map(([operator, value]) => ({ [operator]: { 's3:prefix': value } }) as Conditions),
  });
  const keys = fc.constantFrom(tenant, `${tenant}*`, `${tenant}#*`, 'acme', 'x');
  const items = fc.record({
    Effect: effect,
    Action: fc.constantFrom('dynamodb:GetItem', 'dynamodb:*'),
    Resource: fc.constantFrom(TABLE, '*'),
    Condition: fc
      .tuple(
        fc.constantFrom(
          'ForAllValues:StringEquals',
          'ForAllValues:StringLike',
          'ForAnyValue:StringEquals',
          'ForAllValues:StringNotEquals',
          'ForAnyValue:StringNotLike',
        ),
        fc.array(keys, { minLength: 1, maxLength: 2 }),
        fc.constantFrom('true', 'false', undefined),
      )
      .map(
        ([operator, values, isNull]): Conditions => ({
          [operator]: { [KEY]: values },
          ...(isNull && { Null: { [KEY]: isNull } }),
        }),
      ),
  });
  return fc.oneof(objects, lists, items);
}

const statements = (tenant: string) => fc.array(statement(tenant), { minLength: 1, maxLength: 3 });
const OPEN: readonly StatementText[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
const world: fc.Arbitrary<World> = fc.record({
  session: statements(ID),
  role: fc.oneof(fc.constant(OPEN), statements(TAG)),
  boundary: fc.oneof(fc.constant(undefined), fc.constant(undefined), statements(TAG)),
});

const TENANTS = ['acme', 'acme-prod', 'acm', 'x-acme', 'globex'];
interface Ask {
  readonly action: string;
  readonly resource: string;
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
}
const PATHS = TENANTS.flatMap((id) => [`${id}/x`, `${id}/`, `x/${id}/y`, `acme/${id}/x/x`, `_/${id}/x`]);
const ASKS: readonly Ask[] = [
  ...PATHS.map((path) => ({ action: 's3:GetObject', resource: `${BUCKET}/${path}`, keys: {} })),
  ...['', 'ac', '_/', ...TENANTS.flatMap((id) => [id, `${id}/`, `${id}/x`])].map((prefix) => ({
    action: 's3:ListBucket',
    resource: BUCKET,
    keys: { 's3:prefix': prefix },
  })),
  { action: 's3:ListBucket', resource: BUCKET, keys: {} },
  { action: 'dynamodb:Scan', resource: TABLE, keys: {} },
  ...TENANTS.flatMap((id) => [[id], ['acme', id], [`${id}#x`], [id, '']]).map((keys) => ({
    action: 'dynamodb:GetItem',
    resource: TABLE,
    keys: { [KEY]: keys },
  })),
];

function reachesAnother(tenant: string, ask: Ask): boolean {
  return TENANTS.some((id) => id !== tenant && reaches(id, ask));
}

/** Whether a request reaches what is a tenant's, by plain comparison and none of the prover's code. */
function reaches(id: string, { resource, keys }: Ask): boolean {
  if (resource.startsWith(`${BUCKET}/`)) return resource.startsWith(`${BUCKET}/${id}/`);
  const values = [keys[resource === BUCKET ? 's3:prefix' : KEY] ?? []].flat();
  if (values.every((value) => value === '')) return true;
  if (resource === TABLE) return values.includes(id);
  return values.some((prefix) => prefix.startsWith(`${id}/`) || `${id}/`.startsWith(prefix));
}

function isAllowed(
  { session, role, boundary }: World,
  tenant: string,
  { action, resource, keys }: Ask,
): boolean {
  const parse = (written: readonly StatementText[], name: string) =>
    parsePolicy(
      JSON.parse(JSON.stringify({ Version: '2012-10-17', Statement: written }).replaceAll(ID, tenant)),
      name,
    );
  const decision = evaluateSession(
    {
      identityPolicies: [parse(role, 'role')],
      boundary: boundary && parse(boundary, 'boundary'),
      sessionPolicies: [parse(session, 'session')],
    },
    {
      action,
      resource,
      context: createContext({
        values: { 's3:prefix': undefined, [KEY]: undefined, ...keys, 'aws:PrincipalTag/TenantId': tenant },
      }),
    },
  );
  return decision.effect === 'allowed';
}

function prove({ session, role, boundary }: World): Proof {
  const documentOf = (Statement: readonly StatementText[]) => ({ Version: '2012-10-17', Statement });
  const definition = { name: 'world', description: 'w', roleArn: 'r', policy: documentOf(session) };
  return proveProfile({
    profile: readUnchecked(definition as unknown as ProfileDefinition, {}),
    role: {
      identityPolicies: { role: documentOf(role) },
      ...(boundary && { boundary: documentOf(boundary) }),
    },
    ownership: OWNERSHIP,
    resources: {},
  });
}

const RUNS = Number(process.env['LATCHKEY_SAMPLES'] ?? '6') * 25;

describe('proofs and the evaluator', () => {
  it('agree on every request that crosses', () => {
    const seen = { evaluations: 0, crossing: 0, passed: 0, counterexamples: 0 };
    fc.assert(
      fc.property(world, (each) => {
        const proof = prove(each);
        const found = proof.rows.map(({ verdict }) => verdict);
        const crossing = TENANTS.flatMap((tenant) =>
          ASKS.filter((ask) => {
            seen.evaluations += 1;
            return isAllowed(each, tenant, ask) && reachesAnother(tenant, ask);
          }),
        );
        if (crossing.length > 0) {
          seen.crossing += 1;
          expect([found, crossing[0]]).toEqual([expect.arrayContaining(['crosses']), crossing[0]]);
        }
        if (proof.passed) seen.passed += 1;
        expect(found).not.toContain('not decided');
        for (const { counterexample } of proof.rows) {
          if (counterexample === undefined) continue;
          const { tenantId, otherTenantId, action, resource, context } = counterexample;
          const present = Object.entries(context).flatMap(([key, value]) =>
            value === null ? [] : [[key, value]],
          );
          seen.counterexamples += 1;
          const ask = { action, resource, keys: Object.fromEntries(present) };
          expect(isAllowed(each, tenantId, ask)).toBe(true);
          if (otherTenantId !== undefined)
            expect([otherTenantId, reaches(otherTenantId, ask)]).not.toContain(false);
          expect(otherTenantId).not.toBe(tenantId);
        }
      }),
      { numRuns: RUNS, seed: 6 },
    );
    expect(seen.evaluations).toBeGreaterThan(200 * RUNS);
    expect(Math.min(seen.crossing, seen.passed, seen.counterexamples)).toBeGreaterThan(25);
  }, 60_000);
});
