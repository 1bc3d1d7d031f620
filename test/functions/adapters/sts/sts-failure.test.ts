import { describe, expect, test } from 'vitest';
import { stsFailure } from '../../../../functions/adapters/sts/sts-failure.ts';

const error = (name: string, message = '', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });
const denied = (action: string) =>
  error(
    'AccessDenied',
    `User: arn:aws:sts::1:assumed-role/v/s is not authorized to perform: ${action} on resource: arn:aws:iam::1:role/t`,
  );

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
  ])('%s', (_what, cause, code, retryAfterSeconds) => {
    expect(stsFailure(cause)).toMatchObject({ code, retryAfterSeconds, cause });
  });

  test('a packed policy too large says how full, and what to drop', () => {
    const { message } = stsFailure(
      error('PackedPolicyTooLargeException', 'Packed policy consumes 112% of allotted space'),
    );
    expect(message).toMatch(/112% full: drop optional tags/);
  });
});
