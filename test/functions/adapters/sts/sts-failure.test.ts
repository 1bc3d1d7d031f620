import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  type AskedWith,
  isProviderUnreachable,
  isRegionOff,
  stsFailure,
} from '../../../../functions/adapters/sts/sts-failure.ts';
import { secret } from '../../../../functions/core/secret.ts';

const error = (name: string, message = '', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });
const denied = (action: string) =>
  error(
    'AccessDenied',
    `User: arn:aws:sts::1:assumed-role/v/s is not authorized to perform: ${action} on resource: arn:aws:iam::1:role/t`,
  );

const federated = (action: string) => error('AccessDenied', `Not authorized to perform ${action}`);

describe('an error of STS', () => {
  test.each<[string, unknown, string, number | undefined]>([
    ['sts:AssumeRole denied', denied('sts:AssumeRole'), 'role_not_assumable', undefined],
    ['sts:TagSession denied', denied('sts:TagSession'), 'tag_session_denied', undefined],
    ['sts:SetSourceIdentity denied', denied('sts:SetSourceIdentity'), 'source_identity_denied', undefined],
    [
      'a packed policy too large',
      error('PackedPolicyTooLargeException', 'Packed policy consumes 112% of allotted space'),
      'packed_policy_too_large',
      undefined,
    ],
    ['throttling', error('Throttling', 'Rate exceeded'), 'sts_throttled', 1],
    ['throttling, by its other name', error('ThrottlingException'), 'sts_throttled', 1],
    ['a timeout', error('TimeoutError'), 'sts_unavailable', 1],
    ['a refused connection', error('Error', '', { code: 'ECONNREFUSED' }), 'sts_unavailable', 1],
    ['an unknown host', error('Error', '', { code: 'ENOTFOUND' }), 'sts_unavailable', 1],
    [
      'a fault of STS',
      error('InternalFailure', '', { $metadata: { httpStatusCode: 500 } }),
      'sts_unavailable',
      1,
    ],
    [
      'a malformed policy',
      error('MalformedPolicyDocumentException', '', { $metadata: { httpStatusCode: 400 } }),
      'sts_rejected',
      undefined,
    ],
    [
      'a Region that is off',
      error('RegionDisabledException', '', { $metadata: { httpStatusCode: 403 } }),
      'role_not_assumable',
      undefined,
    ],
    [
      'expired credentials of our own',
      error('ExpiredTokenException', '', { $metadata: { httpStatusCode: 400 } }),
      'sts_rejected',
      undefined,
    ],
    ['no error at all', undefined, 'sts_rejected', undefined],
    ['sts:SetContext denied', denied('sts:SetContext'), 'role_not_assumable', undefined],
    [
      'a role that does not trust the issuer',
      federated('sts:AssumeRoleWithWebIdentity'),
      'role_not_assumable',
      undefined,
    ],
    ['one that does not let it tag', federated('sts:TagSession'), 'tag_session_denied', undefined],
    [
      'one that does not let it set a source identity',
      federated('sts:SetSourceIdentity'),
      'source_identity_denied',
      undefined,
    ],
    [
      'an MFA code that is wrong',
      error('AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code. '),
      'mfa_refused',
      undefined,
    ],
    ['a rejected claim', error('IDPRejectedClaimException'), 'identity_refused', undefined],
    ['an invalid token', error('InvalidIdentityTokenException'), 'identity_refused', undefined],
    ['the same as it stands on the wire', error('InvalidIdentityToken'), 'identity_refused', undefined],
    [
      'an issuer that cannot be reached',
      error('IDPCommunicationErrorException', '', { $metadata: { httpStatusCode: 400 } }),
      'sts_unavailable',
      1,
    ],
  ])('%s', (_what, cause, code, retryAfterSeconds) => {
    expect(stsFailure(cause)).toMatchObject({ code, retryAfterSeconds, cause });
  });

  test('a packed policy too large says how full, and what to drop', () => {
    const { message } = stsFailure(
      error('PackedPolicyTooLargeException', 'Packed policy consumes 112% of allotted space'),
    );
    expect(message).toMatch(/112% full: drop optional tags/);
  });

  test.each([
    [
      'sts:SetContext',
      denied('sts:SetContext'),
      'contexts: the trust policy of the role must allow sts:SetContext to Latchkey',
    ],
    [
      'web identity',
      federated('sts:AssumeRoleWithWebIdentity'),
      "to the token's issuer, for its audience and subject",
    ],
    ['SAML', federated('sts:AssumeRoleWithSAML'), 'sts:AssumeRoleWithSAML to the SAML provider'],
    ['tags of a token', federated('sts:TagSession'), 'sts:TagSession to the identity provider'],
    [
      'source identity of a token',
      federated('sts:SetSourceIdentity'),
      'sts:SetSourceIdentity to the identity provider',
    ],
    ['tags', denied('sts:TagSession'), 'sts:TagSession to Latchkey'],
  ])('that denies %s says what the role must allow, and to whom', (_what, cause, detail) => {
    expect(stsFailure(cause).message).toContain(detail);
  });

  test.each<[string, AskedWith, string]>([
    ["the function's own credentials", {}, 'sts_rejected'],
    ["the caller's token", { expired: 'token_expired' }, 'token_expired'],
    ['an assertion', { expired: 'assertion_expired' }, 'assertion_expired'],
  ])('for what has expired is of %s', (_what, askedWith, code) => {
    expect(stsFailure(error('ExpiredTokenException'), askedWith).code).toBe(code);
  });

  test('whose request held a secret is a cause without it, and the same failure', () => {
    const token = secret('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhY21lIn0.c2lnbmF0dXJl');
    const quoting = error('ValidationError', `Value '${token.reveal()}' at 'webIdentityToken'`, {
      $metadata: { httpStatusCode: 400 },
      $response: { body: token.reveal() },
    });
    const { code, cause } = stsFailure(quoting, { secrets: [token] });
    expect([code, (cause as Error).name]).toEqual(['sts_rejected', 'ValidationError']);
    expect(inspect(cause, { showHidden: true, depth: null })).not.toContain('eyJ');
  });

  test.each<[string, boolean]>([
    ['RegionDisabledException', true],
    ['AccessDenied', false],
  ])('%s is about a Region: %s, with a secret as without', (name, expected) => {
    expect(isRegionOff(stsFailure(error(name)))).toBe(expected);
    expect(isRegionOff(stsFailure(error(name), { secrets: [secret('x')] }))).toBe(expected);
  });

  test('about an issuer that cannot be reached is told from one about STS', () => {
    expect(isProviderUnreachable(stsFailure(error('IDPCommunicationErrorException')))).toBe(true);
    expect(isProviderUnreachable(stsFailure(error('TimeoutError')))).toBe(false);
  });
});
