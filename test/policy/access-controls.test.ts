import { describe, expect, test } from 'vitest';
import { evaluateAccess } from '../../policy/evaluate-access.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import {
  type AccessRow,
  AWAY,
  accessRequest,
  allow,
  controls,
  decides,
  deny,
  HOME,
  names,
  other,
  parse,
  permits,
  SESSION,
  service,
} from './access-row.ts';

const ORGANIZATIONS = 'https://docs.aws.amazon.com/organizations/latest/userguide';
const SCP = `${ORGANIZATIONS}/orgs_manage_policies_scps_evaluation.html`;
const INTERSECTION = `${ORGANIZATIONS}/orgs_manage_policies_about-scps.html`;
const RCP = `${ORGANIZATIONS}/orgs_manage_policies_rcps_evaluation.html`;
const LANGUAGE =
  'https://aws.amazon.com/blogs/security/unlock-new-possibilities-aws-organizations-service-control-policy-now-supports-full-iam-language';

// Levels: root, organisational unit, account.
describe('service control policies', () => {
  const identity = allow;
  decides([
    [SCP, 'each level allows', { identity, scps: [[allow], [other, allow], [allow]] }, 'allowed'],
    [
      SCP,
      'a level without',
      { identity, scps: [[allow], [other], [allow]] },
      'implicitlyDenied',
      'serviceControl',
    ],
    [SCP, 'an empty level', { identity, scps: [[allow], [], [allow]] }, 'implicitlyDenied', 'serviceControl'],
    [
      SCP,
      'a level denies',
      { identity, scps: [[allow], [allow, deny], [allow]] },
      'explicitlyDenied',
      'serviceControl',
    ],
    [SCP, 'grant nothing', { scps: [[allow]] }, 'implicitlyDenied', 'identity'],
    [
      SCP,
      'over a resource policy',
      { policy: names({ AWS: SESSION }), scps: [[other]] },
      'implicitlyDenied',
      'serviceControl',
    ],
    [
      SCP,
      'across accounts',
      { in: AWAY, identity, policy: names('*'), scps: [[other]] },
      'implicitlyDenied',
      'serviceControl',
    ],
    [SCP, 'not for services', { by: service, policy: names('*') }, 'allowed'],
  ]);

  const scps = [[permits('svc:A', 'svc:B', 'svc:C')], [permits('svc:C', 'svc:D', 'svc:E')]];
  decides([
    [INTERSECTION, 'A, root only', { identity, action: 'svc:A', scps }, 'implicitlyDenied', 'serviceControl'],
    [INTERSECTION, 'C, both', { identity, action: 'svc:C', scps }, 'allowed'],
    [INTERSECTION, 'D, unit only', { identity, action: 'svc:D', scps }, 'implicitlyDenied', 'serviceControl'],
  ]);

  const allBut = [[parse({ Effect: 'Allow', NotAction: 'svc:A', NotResource: 'arn:aws:s3:::logs/*' })]];
  decides([
    [LANGUAGE, 'Allow with NotAction', { identity, action: 'svc:A', scps: allBut }, 'implicitlyDenied'],
    [LANGUAGE, 'Allow of the rest', { identity, action: 'svc:B', scps: allBut }, 'allowed'],
    [
      LANGUAGE,
      'NotResource',
      { identity, resource: 'arn:aws:s3:::logs/x', scps: allBut },
      'implicitlyDenied',
    ],
  ]);
});

describe('resource control policies', () => {
  const denyS3 = controls('Deny', 's3:*');
  decides([
    [RCP, 'none but the default', { identity: allow, rcps: [[], []] }, 'allowed'],
    [
      RCP,
      'any level denies',
      { identity: allow, rcps: [[], [denyS3]] },
      'explicitlyDenied',
      'resourceControl',
    ],
    [RCP, 'another service', { identity: allow, rcps: [[controls('Deny', 'sqs:*')]] }, 'allowed'],
    [
      RCP,
      'a service asks',
      { by: service, policy: names('*'), rcps: [[denyS3]] },
      'explicitlyDenied',
      'resourceControl',
    ],
    [
      RCP,
      'another account asks',
      { in: AWAY, identity: allow, policy: names('*'), rcps: [[denyS3]] },
      'explicitlyDenied',
      'resourceControl',
    ],
  ]);
});

// …/orgs_manage_policies_scps_syntax.html and …/orgs_manage_policies_rcps_syntax.html
const rcp = (statement: object): AccessRow => ({ rcps: [[parse(statement)]] });
const DENY = { Effect: 'Deny', Action: 's3:*', Principal: '*', Resource: '*' };
const versionless = parsePolicy({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'old');
test.each<[string, AccessRow]>([
  ['an SCP with principals', { scps: [[names('*')]] }],
  ['an SCP without Version', { scps: [[versionless]] }],
  ['an RCP that allows', rcp({ ...DENY, Effect: 'Allow' })],
  ['an RCP that names somebody', rcp({ ...DENY, Principal: { AWS: HOME } })],
  ['an RCP with NotAction', rcp({ Effect: 'Deny', NotAction: 's3:*', Principal: '*', Resource: '*' })],
  ['an RCP with NotPrincipal', rcp({ Effect: 'Deny', Action: 's3:*', NotPrincipal: '*', Resource: '*' })],
  ['an RCP without Resource', { rcps: [[names('*', 'Deny')]] }],
  ['an RCP without Version', { rcps: [[parsePolicy({ Statement: DENY }, 'old')]] }],
])('refuses %s', (_name, row) => {
  expect(() => evaluateAccess(accessRequest({ identity: allow, ...row }))).toThrow(
    expect.objectContaining({ name: 'PolicyError' }),
  );
});
