import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccessRequest, PrincipalSide, ResourceSide } from '../../policy/access-request.ts';
import { evaluatePolicies, evaluateResourcePolicy } from '../../policy/evaluate.ts';
import { evaluateAccess } from '../../policy/evaluate-access.ts';
import { AWAY, accessRequest, HOME, ROLE, SESSION, session } from './access-row.ts';
import { isAllowed, parse, request, statementDocument } from './small-world.ts';

const RUNS = { numRuns: 500 };
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

// So many kinds of policy must agree that a property of allowed requests needs a world in which most of them do.
const statements = fc
  .array(statementDocument, { maxLength: 2 })
  .chain((some) => fc.constantFrom([...some, ALL], [ALL], some.length === 0 ? [ALL] : some));
const policy = statements.map((some) => parse(some));
const policies = fc.array(policy, { minLength: 1, maxLength: 2 });
const principal = fc.constantFrom('*', { AWS: HOME }, { AWS: ROLE }, { AWS: SESSION }, { AWS: AWAY });
const resourceStatement = fc
  .tuple(fc.oneof(fc.constant(ALL), statementDocument), principal)
  .map(([statement, Principal]) => ({ ...statement, Principal }));
const resourceStatements = fc.array(resourceStatement, { minLength: 1, maxLength: 2 });
const levels = fc.array(policies, { maxLength: 2 });
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const principalSide: fc.Arbitrary<PrincipalSide> = fc.record({
  serviceControl: levels,
  identityPolicies: policies,
  boundary: optional(policy),
  sessionPolicies: optional(policies),
});
const resourceSide: fc.Arbitrary<ResourceSide> = fc.record({
  account: fc.constantFrom(HOME, AWAY),
  policy: optional(resourceStatements.map((some) => parse(some))),
  resourceControl: fc.constant([]),
});
const access: fc.Arbitrary<AccessRequest> = fc
  .tuple(request, principalSide, resourceSide)
  .map(([asked, own, theirs]) => ({
    ...accessRequest({}),
    ...asked,
    principalSide: own,
    resourceSide: theirs,
  }));

/** Runs the property only of requests that are allowed after a change, which must be allowed before it. */
function onlyNarrows(name: string, changed: fc.Arbitrary<readonly [AccessRequest, AccessRequest]>) {
  test(`${name} never allows more`, () => {
    let allowed = 0;
    fc.assert(
      fc.property(changed, ([before, after]) => {
        if (!isAllowed(evaluateAccess(after))) return;
        allowed += 1;
        expect(evaluateAccess(before).effect).toBe('allowed');
      }),
      RUNS,
    );
    expect(allowed).toBeGreaterThan(RUNS.numRuns / 20);
  });
}

const own = (asked: AccessRequest, change: Partial<PrincipalSide>): AccessRequest => ({
  ...asked,
  principalSide: asked.principalSide && { ...asked.principalSide, ...change },
});
const theirs = (asked: AccessRequest, change: Partial<ResourceSide>): AccessRequest => ({
  ...asked,
  resourceSide: { ...asked.resourceSide, ...change },
});
const denial = statementDocument.map((statement) => parse([{ ...statement, Effect: 'Deny' }]));
const control = statementDocument.map((one) =>
  parse([{ ...one, Action: 's3:Get*', Effect: 'Deny', Principal: '*' }]),
);

onlyNarrows(
  'a boundary',
  fc
    .tuple(access, policy)
    .map(([asked, boundary]) => [own(asked, { boundary: undefined }), own(asked, { boundary })]),
);
onlyNarrows(
  'a session policy',
  fc
    .tuple(access, policies)
    .map(([asked, passed]) => [
      own(asked, { sessionPolicies: undefined }),
      own(asked, { sessionPolicies: passed }),
    ]),
);
onlyNarrows(
  'a level of service control policies',
  fc
    .tuple(access, policies)
    .map(([asked, level]) => [
      asked,
      own(asked, { serviceControl: [...(asked.principalSide?.serviceControl ?? []), level] }),
    ]),
);
onlyNarrows(
  'a resource control policy',
  fc.tuple(access, control).map(([asked, rcp]) => [asked, theirs(asked, { resourceControl: [[rcp]] })]),
);
onlyNarrows(
  'a Deny in an identity policy',
  fc
    .tuple(access, denial)
    .map(([asked, deny]) => [
      asked,
      own(asked, { identityPolicies: [...(asked.principalSide?.identityPolicies ?? []), deny] }),
    ]),
);
onlyNarrows(
  'a Deny in a resource policy',
  fc
    .tuple(access, resourceStatements, resourceStatement)
    .map(([asked, statements, further]) => [
      theirs(asked, { policy: parse(statements) }),
      theirs(asked, { policy: parse([...statements, { ...further, Effect: 'Deny' }]) }),
    ]),
);
onlyNarrows(
  'an account of its own for the resource',
  access.map((asked) => [theirs(asked, { account: HOME }), theirs(asked, { account: AWAY })]),
);

// The page's text once more, over the parts alone: reference_policies_evaluation-logic_policy-eval-denyallow.html.
test('a whole request is allowed as its parts say', () => {
  fc.assert(
    fc.property(access, resourceStatements, (generated, written) => {
      const asked = theirs(generated, { policy: parse(written) });
      const side = asked.principalSide;
      if (side === undefined) throw new Error('principal side: got none, expected one');
      const limits = [side.boundary && [side.boundary], side.sessionPolicies].filter(
        (set) => set !== undefined,
      );
      const sets = [side.identityPolicies, ...limits, ...side.serviceControl];
      const effects = sets.map((set) => evaluatePolicies(set, asked).effect);
      const [identity = '', ...rest] = effects;
      const limited = rest.slice(0, limits.length);
      const grants = (...ids: readonly unknown[]) =>
        written
          .filter(({ Principal: named }) => ids.includes(typeof named === 'string' ? named : named.AWS))
          .some(
            (one) =>
              evaluateResourcePolicy(parse([one]), { ...asked, principal: session }).effect === 'allowed',
          );
      const denied = [
        ...effects,
        evaluateResourcePolicy(parse(written), { ...asked, principal: session }).effect,
      ];
      const allOf = (some: readonly string[]) => some.every((effect) => effect === 'allowed');
      const byOwn = allOf([identity, ...limited]);
      const permitted =
        asked.resourceSide.account === HOME
          ? byOwn || grants('*', SESSION) || (grants(ROLE) && allOf(limited))
          : byOwn && grants('*', SESSION, ROLE, HOME);
      const expected = !denied.includes('explicitlyDenied') && allOf(rest.slice(limits.length)) && permitted;
      expect(isAllowed(evaluateAccess(asked))).toBe(expected);
    }),
    RUNS,
  );
});
