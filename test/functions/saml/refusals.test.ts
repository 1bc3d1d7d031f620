import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { IDP_PAIR, OTHER_PAIR } from '../../local/saml-test-keys.ts';
import {
  type AssertionOptions,
  encodeResponse,
  signAssertion,
  wrapInResponse,
} from '../../local/sign-assertion.ts';
import { EDITED, partsOf, resigned, signedResponse, TAMPERED, WEAK, WRAPPED, within } from './attacks.ts';
import { attributesOf, GLOBEX_ENTITY_ID, type LocalSaml, startSaml } from './start-saml.ts';

const now = new Date();
let saml: LocalSaml;

beforeAll(async () => {
  saml = await startSaml(() => now);
});
afterAll(() => saml.close());
beforeEach(() => {
  saml.asked.length = 0;
});

const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const sign = (options: AssertionOptions = {}) =>
  signAssertion({ now, attributes: attributesOf('acme'), ...options });
const respond = (options: AssertionOptions = {}) => wrapInResponse(sign(options), { now, ...options });

const MANY_ATTRIBUTES = `<a ${[...Array(33).keys()].map((each) => `a${each}=""`).join(' ')}/>`;

/** What comes of a response, and how often STS was asked for it. */
async function outcomeOf(response: string) {
  const { status, answer } = await saml.post({ samlResponse: response });
  return [status, answer.code, saml.asked.length];
}
const refused = (code: string) => [code === 'token_tags_mismatch' ? 403 : 401, code, 0];

it('is not refused as it is: what the following change', async () => {
  expect(await outcomeOf(encodeResponse(respond()))).toEqual([200, undefined, 1]);
});

describe('an assertion that its provider did not sign so', () => {
  test.each(WRAPPED)('wrapped: %s', async (_name, wrap, code) => {
    const response = wrapInResponse(wrap(partsOf({ now })), { now });
    expect(await outcomeOf(encodeResponse(response))).toEqual(refused(code));
  });

  test.each(TAMPERED)('with %s', async (_name, tamper, code) => {
    const response = respond();
    const tampered = tamper(response);
    expect(tampered).not.toBe(response);
    expect(await outcomeOf(encodeResponse(tampered))).toEqual(refused(code));
  });

  it('is taken when it is signed anew: what the following change', async () => {
    const again = resigned(sign(), (info) => info.replace('#rsa-sha256"/>', '#rsa-sha256" />'));
    expect(await outcomeOf(encodeResponse(wrapInResponse(again, { now })))).toEqual([200, undefined, 1]);
  });

  test.each(WEAK)('but signed %s', async (_name, algorithm, change) => {
    const again = resigned(sign({ algorithm }), change);
    expect(await outcomeOf(encodeResponse(wrapInResponse(again, { now })))).toEqual(
      refused('assertion_invalid'),
    );
  });

  test.each<[string, string, string]>([
    ['signed with another key, which it brings along', respond({ pair: OTHER_PAIR }), 'assertion_invalid'],
    [
      "in another provider's name",
      respond({ issuer: GLOBEX_ENTITY_ID, attributes: attributesOf('globex') }),
      'assertion_invalid',
    ],
    ['signed with SHA-1', respond({ algorithm: 'sha1' }), 'assertion_invalid'],
    ['of a provider that nobody knows', respond({ issuer: 'https://idp.evil.example/' }), 'provider_unknown'],
    ['of a provider in other case', respond({ issuer: 'https://IDP.acme.example/saml' }), 'provider_unknown'],
    ['of nobody', respond({ issuer: '' }), 'provider_unknown'],
    ['twice', wrapInResponse(sign() + sign(), { now }), 'assertion_malformed'],
    ['not at all', wrapInResponse('', { now }), 'assertion_malformed'],
    [
      'in a response that somebody else signed',
      signedResponse(sign(), { now }, OTHER_PAIR),
      'assertion_invalid',
    ],
    [
      'unsigned, in a response that is signed',
      signedResponse(partsOf({ now }).bare, { now }),
      'assertion_invalid',
    ],
    [
      'in a response that is signed with SHA-1',
      signedResponse(sign(), { now }, IDP_PAIR, 'sha1'),
      'assertion_invalid',
    ],
    [
      'signed with another key, in a response that its provider signed',
      signedResponse(sign({ pair: OTHER_PAIR }), { now }),
      'assertion_invalid',
    ],
    [
      'in a response that was changed after it was signed',
      signedResponse(sign(), { now }).replace('status:Success"', 'status:Success" '),
      'granted',
    ],
  ])('%s', async (_name, response, code) => {
    // What changes nothing of a document but how it is written is no change.
    expect(await outcomeOf(encodeResponse(response))).toEqual(
      code === 'granted' ? [200, undefined, 1] : refused(code),
    );
  });

  it('in a response that is signed as well is taken while both signatures hold', async () => {
    const response = signedResponse(sign(), { now });
    const tampered = response.replace('<samlp:StatusCode ', '<samlp:StatusCode x="" ');
    expect(await outcomeOf(encodeResponse(tampered))).toEqual(refused('assertion_invalid'));
    expect(await outcomeOf(encodeResponse(response))).toEqual([200, undefined, 1]);
  });
});

describe('an assertion that says what is not taken', () => {
  test.each(EDITED)('%s', async (_name, edit) => {
    const before = sign();
    expect(edit(before)).not.toBe(before);
    expect(await outcomeOf(encodeResponse(respond({ edit })))).toEqual(refused('assertion_invalid'));
  });

  test.each<[string, AssertionOptions, string]>([
    ['expired', { notOnOrAfter: inSeconds(-31) }, 'assertion_expired'],
    ['whose confirmation has expired', { confirmationNotOnOrAfter: inSeconds(-31) }, 'assertion_expired'],
    ['whose session has ended', { sessionNotOnOrAfter: inSeconds(-31) }, 'assertion_expired'],
    [
      'older than five minutes',
      { issueInstant: inSeconds(-331), notOnOrAfter: inSeconds(300) },
      'assertion_expired',
    ],
    ['not valid yet', { notBefore: inSeconds(31) }, 'assertion_expired'],
    ['issued in the future', { issueInstant: inSeconds(31) }, 'assertion_expired'],
    ['without an end', { notOnOrAfter: null, confirmationNotOnOrAfter: inSeconds(60) }, 'assertion_invalid'],
    ['whose confirmation has no end', { confirmationNotOnOrAfter: null }, 'assertion_invalid'],
    ['for nobody', { audience: null }, 'assertion_invalid'],
    ['for somebody else', { audience: 'https://app.example' }, 'assertion_invalid'],
    ['for AWS in China', { audience: 'urn:amazon:webservices:cn-north-1' }, 'assertion_invalid'],
    ['to no recipient', { recipient: null }, 'assertion_invalid'],
    ['to Latchkey', { recipient: 'https://latchkey.example/credentials/saml' }, 'assertion_invalid'],
    ['to AWS in China', { recipient: 'https://signin.amazonaws.cn/saml' }, 'assertion_invalid'],
    [
      'to what begins like AWS',
      { recipient: 'https://signin.aws.amazon.com.evil.example/saml' },
      'assertion_invalid',
    ],
    [
      'to what ends like AWS',
      { recipient: 'https://evil.example/signin.aws.amazon.com/saml' },
      'assertion_invalid',
    ],
    ['of nobody', { nameId: null }, 'assertion_invalid'],
    ['of a blank', { nameId: ' ' }, 'assertion_invalid'],
    ['of a name that is too long', { nameId: 'a'.repeat(257) }, 'assertion_invalid'],
  ])('%s', async (_name, options, code) => {
    expect(await outcomeOf(encodeResponse(respond(options)))).toEqual(refused(code));
  });

  test.each<[string, (xml: string) => string, string]>([
    [
      'in part encrypted',
      (xml) => within(xml, 'saml:AttributeStatement', '<saml:EncryptedAttribute/>'),
      'assertion_malformed',
    ],
    ['with markup in its tag', (xml) => xml.replace('>acme<', '>acme<b/><'), 'token_tags_mismatch'],
  ])('%s', async (_name, edit, code) => {
    expect(await outcomeOf(encodeResponse(respond({ edit })))).toEqual(refused(code));
  });

  it('beside an audience restriction that is not met', async () => {
    const edit = (xml: string) =>
      xml.replace(
        /<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/s,
        (each) => each + each.replace('urn:amazon:webservices', 'https://app.example'),
      );
    expect(await outcomeOf(encodeResponse(respond({ edit })))).toEqual(refused('assertion_invalid'));
  });
});

describe('a text that is no response', () => {
  const response = encodeResponse(respond());
  test.each<[string, string]>([
    ['base64 in lines', `${response.slice(0, 76)}\n${response.slice(76)}`],
    ['base64url', `${response.slice(0, -4)}-_==`],
    ['base64 with bits to spare', 'PHg+PC94PgB='],
    ['something else', '<samlp:Response/>'],
    ['bytes that are no UTF-8', Buffer.from([0x3c, 0xff, 0x3e]).toString('base64')],
    ['another character set', Buffer.from(respond().replace('>ann@', '>änn@'), 'latin1').toString('base64')],
    ['more than STS takes', encodeResponse(wrapInResponse(sign() + ' '.repeat(80_000), { now }))],
    [
      'more tags than any has',
      encodeResponse(respond({ edit: (xml) => within(xml, 'saml:AuthnContext', '<a/>'.repeat(1000)) })),
    ],
    [
      'more attributes than any has',
      encodeResponse(respond({ edit: (xml) => within(xml, 'saml:AuthnContext', MANY_ATTRIBUTES) })),
    ],
    ['nested too deep', encodeResponse(`${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`)],
  ])('%s', async (_name, text) => {
    expect(await outcomeOf(text)).toEqual(refused('assertion_malformed'));
  });
});

describe('what can be told of a text that is no response', () => {
  const response = encodeResponse(respond());
  test.each<[string, string, RegExp]>([
    ['lines', `${response.slice(0, 76)}\n${response.slice(76)}`, /not base64 without line breaks/],
    ['a form whose + was not escaped', `${response.slice(0, 76)} ${response.slice(77)}`, /\+ must be %2B$/],
    [
      'its length',
      encodeResponse(wrapInResponse(sign() + ' '.repeat(80_000), { now })),
      /longer than 100000 characters$/,
    ],
    [
      'a part that is encrypted',
      encodeResponse(
        respond({ edit: (xml) => within(xml, 'saml:AttributeStatement', '<saml:EncryptedAttribute/>') }),
      ),
      /is encrypted, and nothing may be$/,
    ],
  ])('%s', async (_name, samlResponse, detail) => {
    const { answer } = await saml.post({ samlResponse });
    expect(answer).toMatchObject({ code: 'assertion_malformed', detail: expect.stringMatching(detail) });
  });
});

describe('an assertion that was used', () => {
  it.each<[string, (assertion: string) => string]>([
    ['as it was', (assertion) => wrapInResponse(assertion, { now })],
    ['in a response that is signed', (assertion) => signedResponse(assertion, { now })],
    [
      'written another way',
      (assertion) => wrapInResponse(assertion.replace('<saml:Subject>', '<saml:Subject >'), { now }),
    ],
  ])('is not taken again, %s', async (_name, again) => {
    const assertion = sign();
    const first = encodeResponse(wrapInResponse(assertion, { now }));
    expect(await outcomeOf(first)).toEqual([200, undefined, 1]);
    saml.asked.length = 0;
    expect(await outcomeOf(encodeResponse(again(assertion)))).toEqual(refused('assertion_replayed'));
  });

  it('is taken for one of many at the same time', async () => {
    const samlResponse = encodeResponse(respond());
    const outcomes = await Promise.all([...Array(5)].map(() => saml.post({ samlResponse })));
    expect(outcomes.map(({ answer }) => answer.code ?? 'granted').toSorted()).toEqual([
      ...Array(4).fill('assertion_replayed'),
      'granted',
    ]);
    expect(saml.asked).toHaveLength(1);
  });
});
