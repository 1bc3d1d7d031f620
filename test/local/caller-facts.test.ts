import { expect, test } from 'vitest';
import { callerFacts, unsignedFacts } from '../../local/aws/caller-facts.ts';
import { openFederatedUserSession, openUserSession } from '../../local/aws/open-user-session.ts';
import type { Session, Sessions, UserKey } from '../../local/aws/session.ts';
import { openUserKeys, parseUsers } from '../../local/aws/users.ts';
import { createContext } from '../../policy/context.ts';
import { ACCOUNT, createSession, REGION } from './tenant-session.ts';

const ISSUED = new Date('2026-11-21T12:00:00Z');
const NOW = new Date('2026-11-21T12:01:30Z');
const ARN = `arn:aws:iam::${ACCOUNT}:user/people/jo`;

const sessions: Sessions = new Map();
const accessKeys = [{ accessKeyId: 'AKIAJO22222222222222', secretAccessKey: 'secret' }];
openUserKeys(parseUsers([{ arn: ARN, policies: {}, accessKeys }]), sessions);
const user = sessions.get('AKIAJO22222222222222') as UserKey;
const options = { sessions, clock: () => ISSUED };
const role = createSession({ now: ISSUED });
const federation = { provider: 'login.example', facts: { 'login.example:sub': 'ann' } };
const grant = { name: 'ann', durationSeconds: 900, tags: { TenantId: 'acme' }, sessionPolicies: [] };

/** As the pages on global condition keys and on policy variables have them; null: absent. */
test.each<[string, Session, Readonly<Record<string, string | null>>]>([
  [
    'a user',
    user,
    {
      'aws:PrincipalType': 'User',
      'aws:PrincipalArn': ARN,
      'aws:PrincipalAccount': ACCOUNT,
      'aws:username': 'jo',
      'aws:userid': user.userId,
      'aws:TokenIssueTime': null,
      'aws:MultiFactorAuthPresent': null,
      'aws:MultiFactorAuthAge': null,
      'aws:FederatedProvider': null,
    },
  ],
  [
    "a user's session",
    openUserSession(user, { durationSeconds: 900, mfaAuthenticatedAt: undefined }, options),
    {
      'aws:PrincipalType': 'User',
      'aws:PrincipalArn': ARN,
      'aws:username': 'jo',
      'aws:userid': user.userId,
      'aws:TokenIssueTime': ISSUED.toISOString(),
      'aws:MultiFactorAuthPresent': 'false',
      'aws:MultiFactorAuthAge': null,
    },
  ],
  [
    "a user's session with MFA",
    openUserSession(user, { durationSeconds: 900, mfaAuthenticatedAt: ISSUED }, options),
    { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '90' },
  ],
  [
    'a federated user',
    openFederatedUserSession(user, grant, options),
    {
      'aws:PrincipalType': 'FederatedUser',
      'aws:PrincipalArn': `arn:aws:sts::${ACCOUNT}:federated-user/ann`,
      'aws:PrincipalAccount': ACCOUNT,
      'aws:PrincipalTag/TenantId': 'acme',
      'aws:username': null,
      'aws:userid': `${ACCOUNT}:ann`,
      'aws:TokenIssueTime': ISSUED.toISOString(),
      'aws:MultiFactorAuthPresent': 'false',
      'aws:FederatedProvider': null,
    },
  ],
  [
    'a session of a role',
    role,
    {
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalArn': role.entityArn,
      'aws:username': null,
      'aws:userid': role.userId,
      'aws:TokenIssueTime': ISSUED.toISOString(),
      'aws:MultiFactorAuthPresent': 'false',
      'aws:MultiFactorAuthAge': null,
      'aws:FederatedProvider': null,
    },
  ],
  [
    'a session of a role by way of an identity provider',
    { ...role, federation },
    { 'aws:FederatedProvider': 'login.example', 'login.example:sub': 'ann' },
  ],
])('the context of %s', (_who, session, expected) => {
  const { look } = createContext(callerFacts(session, REGION, NOW));
  const said = Object.keys(expected).map((key) => {
    const state = look(key);
    return [key, state.state === 'single' ? state.value : null];
  });
  expect(Object.fromEntries(said)).toEqual(expected);
});

test('a request that nobody signed says nothing of who signed it', () => {
  const { look } = createContext(unsignedFacts(REGION, NOW));
  for (const key of ['aws:PrincipalArn', 'aws:username', 'aws:PrincipalTag/TenantId', 'aws:TokenIssueTime'])
    expect(look(key)).toEqual({ state: 'absent' });
  for (const key of ['aws:PrincipalAccount', 'aws:PrincipalType', 'aws:userid'])
    expect(() => look(key)).toThrow(key);
});
