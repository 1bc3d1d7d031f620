import { beforeEach, describe, expect, it, test } from 'vitest';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { createDecoding, type DecodingDependencies } from '../../../functions/core/decoding.ts';
import { VendingError } from '../../../functions/core/errors.ts';
import { bearer, RESOURCES, sampleCaller, sampleTenant } from './sample.ts';

const ARN = 'arn:aws:sts::111122223333:assumed-role/latchkey-tenant/acme.f3XkP0f3XkP0f3X';
const about = (arn: unknown) =>
  JSON.stringify({ allowed: false, context: { principal: { id: 'AROA:x', arn }, action: 's3:GetObject' } });

let audited: AuditEvent[];
let asked: string[];
beforeEach(() => {
  audited = [];
  asked = [];
});

function decoding(answer: string, changes: Partial<DecodingDependencies> = {}) {
  return createDecoding({
    verifier: { verify: async () => sampleCaller() },
    registry: { findIssuer: async () => undefined, findTenant: async () => sampleTenant() },
    throttle: { admit: async () => 'together' },
    decoder: {
      decode: async (message) => {
        asked.push(message);
        return answer;
      },
    },
    principals: {
      roleArns: [RESOURCES.tenantRoleArn],
      tenantUserArnPrefix: undefined,
      federationUserArn: undefined,
    },
    auditLog: { record: (event) => void audited.push(event) },
    deadlineMilliseconds: 1000,
    ...changes,
  });
}

const attempt = {
  vendId: 'v-1',
  token: () => bearer('a.b.c'),
  encodedMessage: async () => 'encoded',
  present: ({ message }: { message: unknown }) => message,
};
const codeFor = (answer: string, changes: Partial<DecodingDependencies> = {}) =>
  decoding(answer, changes)
    .decode(attempt)
    .then(
      () => 'decoded',
      ({ code }) => code,
    );

describe('a decoding', () => {
  it('gives what AWS says of the tenant’s own session, and writes down that it did', async () => {
    expect(await decoding(about(ARN)).decode(attempt)).toEqual(JSON.parse(about(ARN)));
    expect(asked).toEqual(['encoded']);
    expect(audited).toEqual([
      {
        operation: 'decode_message',
        code: 'granted',
        vendId: 'v-1',
        milliseconds: expect.any(Number),
        issuer: 'https://issuer.example',
        subjectDigest: expect.any(String),
        tenantId: 'acme',
      },
    ]);
  });

  test.each([
    ['another tenant’s session', about(ARN.replace('acme', 'globex'))],
    ['an operator', about('arn:aws:iam::111122223333:user/operator')],
    ['no text', about([ARN])],
    ['nobody', '{"allowed":false,"context":{}}'],
    ['null', '{"context":{"principal":null}}'],
    ['no context', '{"allowed":false}'],
    ['a text for a context', '{"context":"arn"}'],
  ])('keeps back what is about %s, and writes that down without it', async (_what, answer) => {
    expect(await codeFor(answer)).toBe('message_foreign');
    expect(audited).toMatchObject([
      { operation: 'decode_message', code: 'message_foreign', tenantId: 'acme' },
    ]);
    expect(JSON.stringify(audited)).not.toMatch(/encoded|globex|operator|GetObject/);
  });

  test.each([
    ['no JSON', '<html>'],
    ['a list', `[${about(ARN)}]`],
    [
      'two principals',
      `{"context":{"principal":{"arn":"${ARN.replace('acme', 'globex')}"},"principal":{"arn":"${ARN}"}}}`,
    ],
  ])('takes no %s for a message', async (_what, answer) => {
    expect(await codeFor(answer)).toBe('sts_rejected');
  });

  test.each<[string, Partial<DecodingDependencies>, string]>([
    [
      'a suspended tenant',
      {
        registry: {
          findIssuer: async () => undefined,
          findTenant: async () => sampleTenant({}, { holds: ['operator'] }),
        },
      },
      'tenant_inactive',
    ],
    [
      'an unknown tenant',
      { registry: { findIssuer: async () => undefined, findTenant: async () => undefined } },
      'tenant_unknown',
    ],
    [
      'a token that does not verify',
      { verifier: { verify: () => Promise.reject(new VendingError('token_invalid')) } },
      'token_invalid',
    ],
    [
      'a tenant over its limit',
      { throttle: { admit: () => Promise.reject(new VendingError('tenant_throttled')) } },
      'tenant_throttled',
    ],
  ])('asks STS nothing for %s', async (_what, changes, code) => {
    expect(await codeFor(about(ARN), changes)).toBe(code);
    expect([asked, audited.map((event) => event.code)]).toEqual([[], [code]]);
  });

  it('says so when its limits were counted by this instance alone', async () => {
    await decoding(about(ARN), { throttle: { admit: async () => 'alone' } }).decode(attempt);
    expect(audited[0]?.limits).toBe('alone');
  });
});
