import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import { createAssertionVerifier } from '../../../../functions/adapters/saml/assertion-verifier.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import type { SamlProvider } from '../../../../functions/core/saml/saml-provider.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import { IDP_PAIR, OTHER_PAIR } from '../../../local/saml-test-keys.ts';
import {
  type AssertionOptions,
  encodeResponse,
  IDP_ENTITY_ID,
  principalTag,
  ROLE,
  ROLE_SESSION_NAME,
  signResponse,
} from '../../../local/sign-assertion.ts';
import { NOW } from '../../core/sample.ts';

const PROVIDER_ARN = 'arn:aws:iam::111122223333:saml-provider/acme';
const ROLE_ARN = 'arn:aws:iam::111122223333:role/latchkey-federated';
const acme: SamlProvider = {
  entityId: IDP_ENTITY_ID,
  providerArn: PROVIDER_ARN,
  certificates: [IDP_PAIR.certificate],
  tenantId: parseTenantId('acme'),
};

let now: Date;
let provider: SamlProvider;
const findSamlProvider = vi.fn(async (entityId: string) =>
  entityId === IDP_ENTITY_ID ? provider : undefined,
);
const isFirstUse = vi.fn(async (_key: string, _until: Date) => true);
const verifier = createAssertionVerifier({
  findSamlProvider,
  replay: { isFirstUse },
  clock: () => now,
});

beforeEach(() => {
  now = NOW;
  provider = acme;
  vi.clearAllMocks();
});

const respond = (options: AssertionOptions = {}) =>
  signResponse({
    now: NOW,
    attributes: {
      [ROLE]: `${ROLE_ARN},${PROVIDER_ARN}`,
      [ROLE_SESSION_NAME]: 'acme.ann',
      [principalTag('TenantId')]: 'acme',
    },
    ...options,
  });
/** Of a response, with something else in place of its signature. */
const unsigned = (response: string, instead: (signature: string) => string = () => '') =>
  encodeResponse(
    Buffer.from(response, 'base64')
      .toString()
      .replace(/<Signature .*<\/Signature>/s, instead),
  );
const verify = (response: string, token = secret(response)) =>
  verifier.verify({ token }, startDeadline(1000));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'verified',
    ({ code }) => code,
  );

describe('an assertion', () => {
  it('speaks for a caller of the tenant that its provider is bound to', async () => {
    expect(await verify(respond({ id: '_one' }))).toEqual({
      issuer: IDP_ENTITY_ID,
      subject: 'ann@acme.example',
      tenant: { kind: 'tenant', issuer: IDP_ENTITY_ID, tenantId: 'acme' },
      scopes: new Set(),
      clientId: undefined,
      tokenId: '_one',
      validUntil: new Date(NOW.getTime() + 330_000),
      senderConstraint: undefined,
      carried: {
        tags: [{ key: 'TenantId', value: 'acme' }],
        transitiveTagKeys: [],
        sourceIdentity: undefined,
        roleSessionName: 'acme.ann',
      },
      samlProviderArn: PROVIDER_ARN,
    });
  });

  it('counts by the clock that it is given, and not by that of the machine', async () => {
    const response = respond();
    now = new Date(NOW.getTime() + 329_999);
    expect(await codeOf(verify(response))).toBe('verified');
    now = new Date(NOW.getTime() + 330_000);
    expect(await codeOf(verify(response))).toBe('assertion_expired');
    now = new Date(NOW.getTime() - 30_001);
    expect(await codeOf(verify(response))).toBe('assertion_expired');
  });

  it('verifies with any key of its provider, and from then on with no other', async () => {
    const response = respond({ pair: OTHER_PAIR });
    expect(await codeOf(verify(response))).toBe('assertion_invalid');
    provider = { ...acme, certificates: [IDP_PAIR.certificate, OTHER_PAIR.certificate] };
    expect(await codeOf(verify(response))).toBe('verified');
    expect(await codeOf(verify(respond()))).toBe('verified');
    provider = { ...acme, certificates: [OTHER_PAIR.certificate] };
    expect(await codeOf(verify(respond()))).toBe('assertion_invalid');
  });

  it('names roles to who has verified it, and to nobody else', async () => {
    const token = secret(respond());
    const grant = { roleArn: ROLE_ARN, samlProviderArn: PROVIDER_ARN };
    expect(verifier.namesRole(token, grant)).toBe(false);
    await verify('', token);
    expect(verifier.namesRole(token, grant)).toBe(true);
    expect(verifier.namesRole(token, { ...grant, roleArn: `${ROLE_ARN}-2` })).toBe(false);
    expect(verifier.namesRole(token, { ...grant, samlProviderArn: `${PROVIDER_ARN}-2` })).toBe(false);
    expect(verifier.namesRole(token, { roleArn: undefined, samlProviderArn: undefined })).toBe(false);
    expect(verifier.namesRole(secret(token.reveal()), grant)).toBe(false);
  });
});

describe('of what costs something, nothing is done in vain', () => {
  test.each<[string, string, string]>([
    ['no response', encodeResponse('<x/>'), 'assertion_malformed'],
    ['an issuer that is too long', respond({ issuer: 'a'.repeat(1025) }), 'provider_unknown'],
    ['an issuer that is no URI', respond({ issuer: 'https://idp.acme.example/ä' }), 'provider_unknown'],
    ['no signature', unsigned(respond()), 'assertion_invalid'],
    ['two signatures', unsigned(respond(), (signature) => signature + signature), 'assertion_invalid'],
    ['a weak signature', respond({ algorithm: 'sha1' }), 'assertion_invalid'],
  ])('%s: nobody is looked up', async (_what, response, code) => {
    expect(await codeOf(verify(response))).toBe(code);
    expect(findSamlProvider).not.toHaveBeenCalled();
  });

  test.each<[string, string, string]>([
    ['an unknown provider', respond({ issuer: 'https://idp.globex.example' }), 'provider_unknown'],
    ['a wrong signature', respond({ pair: OTHER_PAIR }), 'assertion_invalid'],
    [
      'an assertion that has ended',
      respond({ notOnOrAfter: NOW, issueInstant: new Date(0) }),
      'assertion_expired',
    ],
    ['one that lacks what AWS wants', respond({ attributes: {} }), 'assertion_invalid'],
  ])('%s: it is not used up', async (_what, response, code) => {
    expect(await codeOf(verify(response))).toBe(code);
    expect(isFirstUse).not.toHaveBeenCalled();
  });
});

describe('an assertion that may be used once', () => {
  it('is known by its provider and its ID, and remembered for longer than it counts', async () => {
    await verify(respond({ id: '_one' }));
    await verify(respond({ id: '_one', nameId: 'bob@acme.example' }));
    await verify(respond({ id: '_two' }));
    const [[first = '', until] = [], [second] = [], [third] = []] = isFirstUse.mock.calls;
    expect(first).toMatch(/^assertion#[\w-]{43}$/);
    expect([second === first, third === first]).toEqual([true, false]);
    expect(until).toEqual(new Date(NOW.getTime() + 390_000));
  });

  it('is refused when it was used, and names no roles', async () => {
    isFirstUse.mockResolvedValueOnce(false);
    const token = secret(respond());
    expect(await codeOf(verify('', token))).toBe('assertion_replayed');
    expect(verifier.namesRole(token, { roleArn: ROLE_ARN, samlProviderArn: PROVIDER_ARN })).toBe(false);
  });

  it('is refused when nobody can tell', async () => {
    isFirstUse.mockRejectedValueOnce(new VendingError('replay_check_unavailable'));
    expect(await codeOf(verify(respond()))).toBe('replay_check_unavailable');
  });
});

it('repeats nothing of what it refuses', async () => {
  for (const options of [
    { audience: 'https://private.example' },
    { pair: OTHER_PAIR },
    { notBefore: new Date(0), issueInstant: new Date(0) },
  ]) {
    const failure = await verify(respond(options)).catch((error) => error);
    expect(failure).toBeInstanceOf(VendingError);
    const said = JSON.stringify([failure.message, failure.cause]);
    expect(said).not.toMatch(/acme|private|1970|MII/);
  }
});
