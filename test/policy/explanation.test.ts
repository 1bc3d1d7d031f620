import { expect, test } from 'vitest';
import { createContext } from '../../policy/context.ts';
import { evaluateAccess } from '../../policy/evaluate-access.ts';
import {
  type AccessRow,
  AWAY,
  accessRequest,
  allow,
  deny,
  names,
  other,
  parse,
  SESSION,
} from './access-row.ts';

const list = parse([
  { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::data/globex/*' },
  {
    Sid: 'Own',
    Effect: 'Allow',
    Action: 's3:*',
    Resource: '*',
    Condition: { StringEquals: { 's3:prefix': 'acme/' }, Bool: { 'aws:SecureTransport': 'true' } },
  },
  { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
]);
const context = createContext({ values: { 's3:prefix': undefined, 'aws:SecureTransport': 'false' } });
const explain = (row: AccessRow) => evaluateAccess({ ...accessRequest(row), context });

test.each<[AccessRow, string]>([
  [{ identity: allow }, 'allowed by Statement[0] of policy (identity-based policy)'],
  [
    { identity: allow, boundary: allow, session: allow, scps: [[allow]] },
    'allowed by Statement[0] of policy (service control policy at level 0) and Statement[0] of policy (identity-based policy) and Statement[0] of policy (permissions boundary) and Statement[0] of policy (session policy)',
  ],
  [
    { in: AWAY, identity: allow, policy: names({ AWS: SESSION }) },
    'allowed by Statement[0] of policy (resource-based policy) and Statement[0] of policy (identity-based policy)',
  ],
  [
    { identity: deny, session: deny },
    'explicitly denied by Statement[0] of policy (identity-based policy) and Statement[0] of policy (session policy)',
  ],
  [
    { identity: list },
    'implicitly denied: no identity-based policy allows it (nearest is Own of policy, but for its StringEquals on s3:prefix, which is absent and Bool on aws:SecureTransport)',
  ],
  [
    { identity: other, boundary: other, scps: [[allow], [other]] },
    'implicitly denied: no service control policy at level 1 allows it, and no identity-based policy allows it, and no permissions boundary allows it',
  ],
  [
    { in: AWAY, identity: allow, policy: names({ AWS: AWAY }) },
    'implicitly denied: no resource-based policy allows it (nearest is Statement[0] of policy, but for its Principal)',
  ],
  [
    { identity: parse({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }) },
    'implicitly denied: no identity-based policy allows it',
  ],
  [
    { identity: parse({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::data/*' }) },
    'implicitly denied: no identity-based policy allows it (nearest is Statement[0] of policy, but for its NotResource)',
  ],
])('of %j', (row, reason) => {
  expect(explain(row).reason).toBe(reason);
});

test('tells of the Allow that fails by the least', () => {
  const conditions = [
    { StringEquals: { 's3:prefix': 'acme/' }, Bool: { 'aws:SecureTransport': 'true' } },
    { Bool: { 'aws:SecureTransport': 'true' } },
  ];
  const near = parse(
    conditions.map((Condition) => ({ Effect: 'Allow', Action: '*', Resource: '*', Condition })),
  );
  expect(explain({ identity: near }).reason).toContain(
    'nearest is Statement[1] of policy, but for its Bool on aws:SecureTransport',
  );
});

test('is data', () => {
  expect(explain({ identity: list }).explanation).toEqual({
    effect: 'implicitlyDenied',
    missing: [
      {
        kind: 'identity',
        nearest: {
          statement: { kind: 'identity', policy: 'policy', index: 1, sid: 'Own' },
          misses: [
            { element: 'Condition', operator: 'StringEquals', key: 's3:prefix', keyIsAbsent: true },
            { element: 'Condition', operator: 'Bool', key: 'aws:SecureTransport', keyIsAbsent: false },
          ],
        },
      },
    ],
  });
});
