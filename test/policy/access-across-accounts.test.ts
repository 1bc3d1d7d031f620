import { describe, expect, test } from 'vitest';
import type { AccessRequest } from '../../policy/access-request.ts';
import { evaluateAccess } from '../../policy/evaluate-access.ts';
import {
  AWAY,
  accessRequest,
  allow,
  controls,
  decides,
  deny,
  HOME,
  KEY,
  names,
  OTHER_ROLE,
  other,
  parse,
  provider,
  ROLE,
  SESSION,
  service,
  session,
  USER,
  user,
} from './access-row.ts';

const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const LOGIC = `${IAM}/reference_policies_evaluation-logic_policy-eval-denyallow.html`;
const CROSS = `${IAM}/reference_policies_evaluation-logic-cross-account.html`;
const PRINCIPAL = `${IAM}/reference_policies_elements_principal.html`;
const KMS = 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html';

const bySession = names({ AWS: SESSION });
const byAccount = names({ AWS: HOME });

describe('across accounts, both must allow', () => {
  const away = { in: AWAY, identity: allow, policy: bySession };
  decides([
    [CROSS, 'both', away, 'allowed'],
    [CROSS, 'by account', { ...away, policy: byAccount }, 'allowed'],
    [CROSS, 'no resource policy', { in: AWAY, identity: allow }, 'implicitlyDenied', 'resource'],
    [
      CROSS,
      'another account named',
      { ...away, policy: names({ AWS: AWAY }) },
      'implicitlyDenied',
      'resource',
    ],
    [CROSS, 'no identity policy', { in: AWAY, policy: bySession }, 'implicitlyDenied', 'identity'],
    [PRINCIPAL, 'everyone', { in: AWAY, policy: names('*') }, 'implicitlyDenied', 'identity'],
    [CROSS, 'boundary', { ...away, boundary: other }, 'implicitlyDenied', 'boundary'],
    [CROSS, 'session policy', { ...away, session: other }, 'implicitlyDenied', 'session'],
    [CROSS, 'identity denies', { ...away, identity: deny }, 'explicitlyDenied', 'identity'],
    [CROSS, 'resource denies', { ...away, policy: names('*', 'Deny') }, 'explicitlyDenied', 'resource'],
  ]);
});

// Carlos may write into the Production bucket of another account, and into no log bucket.
describe('the example of the page on cross-account evaluation', () => {
  const identity = parse([
    { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
    { Effect: 'Allow', Action: 's3:*Object*', Resource: 'arn:aws:s3:::Production/*' },
    { Effect: 'Deny', Action: 's3:*', Resource: ['arn:aws:s3:::*log*', 'arn:aws:s3:::*log*/*'] },
  ]);
  const bucket = parse({
    Effect: 'Allow',
    Action: ['s3:GetObject*', 's3:PutObject*', 's3:ReplicateObject', 's3:RestoreObject'],
    Principal: { AWS: USER },
    Resource: 'arn:aws:s3:::Production/*',
  });
  const carlos = { by: user, in: AWAY, identity, action: 's3:PutObject' };
  const file = 'arn:aws:s3:::Production/file';
  decides([
    [
      CROSS,
      'log bucket',
      { ...carlos, resource: 'arn:aws:s3:::Production-logs/file' },
      'explicitlyDenied',
      'identity',
    ],
    [CROSS, 'Production', { ...carlos, resource: file, policy: bucket }, 'allowed'],
    [
      CROSS,
      'delete',
      { ...carlos, action: 's3:DeleteObject', resource: file, policy: bucket },
      'implicitlyDenied',
      'resource',
    ],
  ]);
});

describe('roles and keys are closed to their own account', () => {
  const assume = { action: 'sts:AssumeRole', resource: OTHER_ROLE(HOME) };
  const web = { by: provider, action: 'sts:AssumeRoleWithWebIdentity', resource: OTHER_ROLE(HOME) };
  const decrypt = { action: 'kms:Decrypt', resource: KEY };
  decides([
    [LOGIC, 'role that trusts nobody', { ...assume, identity: allow }, 'implicitlyDenied', 'resource'],
    [LOGIC, 'account', { ...assume, identity: allow, policy: byAccount }, 'allowed'],
    [LOGIC, 'account, no identity', { ...assume, policy: byAccount }, 'implicitlyDenied', 'identity'],
    [LOGIC, 'caller’s role', { ...assume, policy: names({ AWS: ROLE }) }, 'allowed', 'resource'],
    [
      LOGIC,
      'tags too',
      { ...assume, action: 'sts:TagSession', identity: allow },
      'implicitlyDenied',
      'resource',
    ],
    [
      CROSS,
      'caller’s role',
      { ...assume, in: AWAY, resource: OTHER_ROLE(AWAY), policy: names({ AWS: ROLE }) },
      'implicitlyDenied',
      'identity',
    ],
    [LOGIC, 'provider', { ...web, policy: names({ Federated: 'accounts.google.com' }) }, 'allowed'],
    [
      LOGIC,
      'another provider',
      { ...web, policy: names({ Federated: 'graph.facebook.com' }) },
      'implicitlyDenied',
    ],
    [LOGIC, 'iam:GetRole', { ...assume, action: 'iam:GetRole', identity: allow }, 'allowed', 'identity'],
    [
      KMS,
      'key for another',
      { ...decrypt, identity: allow, policy: names({ AWS: USER }) },
      'implicitlyDenied',
      'resource',
    ],
    [KMS, 'account', { ...decrypt, identity: allow, policy: byAccount }, 'allowed'],
    [KMS, 'account, no identity', { ...decrypt, policy: byAccount }, 'implicitlyDenied', 'identity'],
  ]);
});

describe('what contradicts itself', () => {
  const root = { type: 'user', arn: `arn:aws:iam::${HOME}:root` } as const;
  test.each<[string, (request: AccessRequest) => AccessRequest]>([
    ['policies of a service', (request) => ({ ...request, principal: service })],
    ['a session without its policies', (request) => ({ ...request, principalSide: undefined })],
    ['an account that is not in the ARN', (request) => ({ ...request, resource: OTHER_ROLE(AWAY) })],
    ['another partition', (request) => ({ ...request, resource: 'arn:aws-cn:s3:::data/x' })],
    [
      'no account',
      ({ resourceSide, ...rest }) => ({ ...rest, resourceSide: { ...resourceSide, account: '' } }),
    ],
    [
      'a session of another role',
      (request) => ({ ...request, principal: { ...session, roleArn: `${ROLE}2` } }),
    ],
    ['the root user', (request) => ({ ...request, principal: root })],
    ['an action that is none', (request) => ({ ...request, action: 's3:*' })],
    ['session policies of a user', () => accessRequest({ by: user, session: allow })],
    ['a resource policy without principals', () => accessRequest({ policy: allow })],
    [
      'a trust policy with a Resource',
      () =>
        accessRequest({
          action: 'sts:AssumeRole',
          resource: OTHER_ROLE(HOME),
          policy: controls('Allow', '*'),
        }),
    ],
  ])('refuses %s', (_name, change) => {
    const request = change(accessRequest({ identity: allow }));
    expect(() => evaluateAccess(request)).toThrow(expect.objectContaining({ name: 'PolicyError' }));
  });
});
