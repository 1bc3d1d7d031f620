import { expect, it, test } from 'vitest';
import { assertOwnSession } from '../../../functions/core/verified-session.ts';
import { codeOf } from './sample.ts';
import { sampleCredentials } from './sample-credentials.ts';

const credentials = sampleCredentials();
const own = {
  account: '111122223333',
  arn: credentials.assumedRoleUser?.arn ?? '',
  userId: credentials.assumedRoleUser?.assumedRoleId ?? '',
};

it('takes the session that was vended', () => {
  expect(() => assertOwnSession({ credentials }, own)).not.toThrow();
});

test.each([
  ['another tenant’s session', { arn: own.arn.replace('acme', 'globex') }],
  ['another role’s', { userId: 'AROAOTHER:acme.f3XkP0f3XkP0f3X' }],
  ['another account’s', { account: '444455556666' }],
])('refuses %s', (_what, changes) => {
  expect(codeOf(() => assertOwnSession({ credentials }, { ...own, ...changes }))).toBe('session_mismatch');
});

it('refuses what was not vended as a session of a role', () => {
  const nobody = sampleCredentials({ assumedRoleUser: undefined });
  expect(codeOf(() => assertOwnSession({ credentials: nobody }, own))).toBe('session_mismatch');
});
