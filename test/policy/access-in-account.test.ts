import { describe } from 'vitest';
import {
  allow,
  anonymous,
  decides,
  deny,
  denyExcept,
  FEDERATED,
  federated,
  HOME,
  names,
  other,
  permits,
  ROLE,
  SESSION,
  service,
  USER,
  user,
} from './access-row.ts';

const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const LOGIC = `${IAM}/reference_policies_evaluation-logic_policy-eval-denyallow.html`;
const BASICS = `${IAM}/reference_policies_evaluation-logic_policy-eval-basics.html`;
const BOUNDARIES = `${IAM}/access_policies_boundaries.html`;
const SESSIONS = `${IAM}/access_policies.html#policies_session`;
const PRINCIPAL = `${IAM}/reference_policies_elements_principal.html`;
const NOT_PRINCIPAL = `${IAM}/reference_policies_elements_notprincipal.html`;
const FEDERATION = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html';

const limits = { boundary: other, session: other };
const byUser = names({ AWS: USER });
const byRole = names({ AWS: ROLE });
const bySession = names({ AWS: SESSION });
const byAccount = names({ AWS: HOME });
const byAll = names('*');

describe('identity-based and resource-based policies', () => {
  decides([
    [LOGIC, 'by default', {}, 'implicitlyDenied', 'identity'],
    [BASICS, 'identity alone', { identity: allow }, 'allowed', 'identity'],
    [BASICS, 'resource alone', { by: user, policy: byUser }, 'allowed', 'resource'],
    [BASICS, 'identity denies', { identity: deny, policy: bySession }, 'explicitlyDenied', 'identity'],
    [
      BASICS,
      'resource denies',
      { identity: allow, policy: names('*', 'Deny') },
      'explicitlyDenied',
      'resource',
    ],
  ]);
});

// The table "Resource-based policies and implicit denies in other policy types (same account)" and the texts about it.
describe('whom a resource-based policy names', () => {
  const broker = { by: federated, policy: byUser };
  decides([
    [LOGIC, 'user', { by: user, policy: byUser, boundary: other }, 'allowed', 'resource'],
    [LOGIC, 'role', { policy: byRole }, 'allowed', 'resource'],
    [LOGIC, 'role, boundary', { policy: byRole, boundary: other }, 'implicitlyDenied', 'boundary'],
    [LOGIC, 'role, session policy', { policy: byRole, session: other }, 'implicitlyDenied', 'session'],
    [LOGIC, 'role, both allow', { policy: byRole, boundary: allow, session: allow }, 'allowed', 'resource'],
    [LOGIC, 'session', { policy: bySession, ...limits }, 'allowed', 'resource'],
    [LOGIC, 'session, denied', { policy: bySession, session: deny }, 'explicitlyDenied', 'session'],
    [LOGIC, 'federated session', { by: federated, policy: names({ AWS: FEDERATED }), ...limits }, 'allowed'],
    [LOGIC, 'its user', { ...broker, ...limits }, 'implicitlyDenied', 'boundary'],
    [SESSIONS, 'its user, session policy', { ...broker, session: allow }, 'allowed', 'resource'],
    [LOGIC, 'service', { by: service, policy: names({ Service: 'sns.amazonaws.com' }) }, 'allowed'],
    [
      LOGIC,
      'another service',
      { by: service, policy: names({ Service: 'sqs.amazonaws.com' }) },
      'implicitlyDenied',
    ],
    [PRINCIPAL, 'account', { policy: byAccount }, 'implicitlyDenied', 'identity'],
    [
      LOGIC,
      'account and session',
      { policy: names({ AWS: [HOME, SESSION] }), ...limits },
      'allowed',
      'resource',
    ],
    [LOGIC, 'account and role', { policy: names({ AWS: [HOME, ROLE] }) }, 'allowed', 'resource'],
    [PRINCIPAL, 'account, identity', { policy: byAccount, identity: allow }, 'allowed', 'identity'],
    [PRINCIPAL, 'everyone', { policy: byAll, ...limits }, 'allowed', 'resource'],
    [PRINCIPAL, 'everyone, denied', { policy: byAll, boundary: deny }, 'explicitlyDenied', 'boundary'],
    [PRINCIPAL, 'everyone, anonymous', { by: anonymous, policy: byAll }, 'allowed', 'resource'],
    [PRINCIPAL, 'account, anonymous', { by: anonymous, policy: byAccount }, 'implicitlyDenied', 'resource'],
  ]);
});

describe('boundaries and session policies', () => {
  decides([
    [BOUNDARIES, 'boundary alone', { boundary: allow }, 'implicitlyDenied', 'identity'],
    [BOUNDARIES, 'both', { identity: allow, boundary: allow }, 'allowed', 'identity'],
    [BOUNDARIES, 'boundary without', { identity: allow, boundary: other }, 'implicitlyDenied', 'boundary'],
    [BOUNDARIES, 'all three', { identity: allow, boundary: allow, session: allow }, 'allowed'],
    [
      BOUNDARIES,
      'SCP without',
      { identity: allow, boundary: allow, scps: [[other]] },
      'implicitlyDenied',
      'serviceControl',
    ],
    [SESSIONS, 'session policy alone', { session: allow }, 'implicitlyDenied', 'identity'],
    [SESSIONS, 'session without', { identity: allow, session: other }, 'implicitlyDenied', 'session'],
    [FEDERATION, 'none passed', { by: federated, identity: allow }, 'implicitlyDenied', 'session'],
    [FEDERATION, 'one passed', { by: federated, identity: allow, session: allow }, 'allowed'],
  ]);
});

// ShirleyRodriguez may manage three services at most, and has a policy for a fourth.
describe('the example of the page on boundaries', () => {
  const boundary = permits('s3:*', 'cloudwatch:*', 'ec2:*');
  const shirley = { by: user, boundary, identity: permits('iam:CreateUser'), resource: '*' };
  decides([
    [BOUNDARIES, 'IAM', { ...shirley, action: 'iam:CreateUser' }, 'implicitlyDenied', 'boundary'],
    [BOUNDARIES, 'S3', { ...shirley, action: 's3:ListAllMyBuckets' }, 'implicitlyDenied', 'identity'],
  ]);
});

describe('NotPrincipal', () => {
  const listed = { identity: allow, policy: denyExcept(HOME, ROLE, SESSION) };
  decides([
    [NOT_PRINCIPAL, 'all names', listed, 'allowed'],
    [
      NOT_PRINCIPAL,
      'not its account',
      { identity: allow, policy: denyExcept(ROLE, SESSION) },
      'explicitlyDenied',
      'resource',
    ],
    [BOUNDARIES, 'all names, boundary', { ...listed, boundary: allow }, 'explicitlyDenied', 'resource'],
  ]);
});
