import { createHash } from 'node:crypto';
import {
  AssumeRoleWithSAMLCommand,
  type AssumeRoleWithSAMLCommandInput,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { parseXml } from '../../functions/adapters/saml/xml-element.ts';
import { parseSamlProviders, type SamlProvider } from '../../local/aws/identity-providers.ts';
import type { RoleDefinition } from '../../local/aws/roles.ts';
import { readSamlAssertion } from '../../local/aws/sts/saml-assertion.ts';
import { OTHER_PAIR } from './saml-test-keys.ts';
import {
  type AssertionOptions,
  AWS_RECIPIENT,
  encodeResponse,
  IDP_ENTITY_ID,
  principalTag,
  ROLE,
  ROLE_SESSION_NAME,
  renderIdpMetadata,
  SESSION_DURATION,
  SOURCE_IDENTITY,
  signAround,
  signAssertion,
  signResponse,
  TRANSITIVE_TAG_KEYS,
  wrapInResponse,
} from './sign-assertion.ts';
import {
  ACCOUNT,
  BOUNDED_BY_TAG,
  document,
  type Federation,
  OTHER_ACCOUNT,
  outcomeOf,
  roleArn,
  startFederation,
} from './start-federation.ts';

const TENANT = roleArn('latchkey/tenant');
const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/acme`;
const FOREIGN = `arn:aws:iam::${OTHER_ACCOUNT}:saml-provider/acme`;
const LOCAL_RECIPIENT = 'http://127.0.0.1:4300/saml';
const ACTIONS = ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'];
const NAME_QUALIFIER = createHash('sha1').update(`${IDP_ENTITY_ID}${ACCOUNT}/acme`).digest('base64');

const DENIED = '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML';
const SIGNATURE = '400 InvalidIdentityTokenException: Response signature invalid';
const UNREADABLE = '400 InvalidIdentityTokenException: Invalid base64 SAMLResponse';
const INVALID = '400 InvalidIdentityTokenException: Invalid SAML response';
const AUDIENCE = '400 InvalidIdentityTokenException: Response does not contain the required audience.';
const EXPIRED = '400 ExpiredTokenException: Response has expired';

let now: Date;
let federation: Federation;

const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);

/** Trusts the provider for the actions, on a condition. */
function trusting(name: string, condition?: object, actions = ACTIONS): RoleDefinition {
  const statement = { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: actions };
  return {
    arn: roleArn(name),
    trustPolicy: document({ ...statement, ...(condition && { Condition: condition }) }),
    policies: { all: BOUNDED_BY_TAG },
    maxSessionDurationSeconds: 43_200,
  };
}

beforeAll(async () => {
  now = new Date();
  const metadata = renderIdpMetadata();
  federation = await startFederation({
    now: () => now,
    saml: [
      { arn: PROVIDER, metadata, recipients: [LOCAL_RECIPIENT] },
      { arn: FOREIGN, metadata },
    ],
    roles: [
      trusting('latchkey/tenant'),
      { ...trusting('short'), maxSessionDurationSeconds: 3600 },
      trusting('acme-only', { StringEquals: { 'aws:RequestTag/TenantId': 'acme' } }),
      trusting('assertion', {
        StringEquals: {
          'saml:aud': AWS_RECIPIENT,
          'saml:iss': IDP_ENTITY_ID,
          'saml:sub': 'ann@acme.example',
          'saml:sub_type': 'persistent',
          'saml:namequalifier': NAME_QUALIFIER,
          'saml:doc': `${ACCOUNT}/acme`,
          'aws:FederatedProvider': PROVIDER,
          'sts:RoleSessionName': 'ann',
        },
      }),
      trusting('untagged', undefined, ['sts:AssumeRoleWithSAML', 'sts:SetSourceIdentity']),
      trusting('unsourced', undefined, ['sts:AssumeRoleWithSAML', 'sts:TagSession']),
      {
        ...trusting('by-subject'),
        policies: {
          all: document({
            Effect: 'Allow',
            Action: 's3:PutObject',
            Resource: 'arn:aws:s3:::tenant-data/acme/*',
            Condition: {
              StringEquals: {
                'saml:sub': 'ann@acme.example',
                'saml:sub_type': 'persistent',
                'saml:namequalifier': NAME_QUALIFIER,
                'aws:FederatedProvider': PROVIDER,
              },
            },
          }),
        },
      },
      {
        ...trusting('by-issuer'),
        policies: {
          all: document({
            Effect: 'Allow',
            Action: '*',
            Resource: '*',
            Condition: { StringEquals: { 'saml:iss': IDP_ENTITY_ID } },
          }),
        },
      },
      {
        ...trusting('foreign'),
        trustPolicy: document({ Effect: 'Allow', Principal: { Federated: FOREIGN }, Action: ACTIONS }),
      },
    ],
  });
});
afterAll(() => federation.close());
beforeEach(() => {
  now = new Date(now.getTime() + 60_000);
});

type Attributes = NonNullable<AssertionOptions['attributes']>;
type Request = Partial<AssumeRoleWithSAMLCommandInput>;

/** What AWS is told of Ann of acme; undefined leaves an attribute out. */
function attributes(
  changes: Readonly<Record<string, string | readonly string[] | undefined>> = {},
  role = TENANT,
) {
  const usual = {
    [ROLE]: `${role},${PROVIDER}`,
    [ROLE_SESSION_NAME]: 'ann',
    [principalTag('TenantId')]: 'acme',
  };
  const kept = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Attributes;
}

function assume(options: AssertionOptions = {}, { RoleArn = TENANT, ...request }: Request = {}) {
  return show(signResponse({ now, attributes: attributes({}, RoleArn), ...options }), {
    RoleArn,
    ...request,
  });
}

function show(SAMLAssertion: string, request: Request = {}) {
  const usual = { RoleArn: TENANT, PrincipalArn: PROVIDER, SAMLAssertion };
  return federation.sts.send(new AssumeRoleWithSAMLCommand({ ...usual, ...request }));
}

describe('AssumeRoleWithSAML', () => {
  it('answers with everything that STS tells', async () => {
    const { $metadata, Credentials, ...answer } = await assume({
      attributes: attributes({ [SOURCE_IDENTITY]: 'ann' }),
    });
    expect(answer).toEqual({
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/tenant/ann`,
        AssumedRoleId: expect.stringMatching(/^AROA\w{17}:ann$/),
      },
      Subject: 'ann@acme.example',
      SubjectType: 'persistent',
      Issuer: IDP_ENTITY_ID,
      Audience: AWS_RECIPIENT,
      NameQualifier: NAME_QUALIFIER,
      PackedPolicySize: expect.any(Number),
      SourceIdentity: 'ann',
    });
    expect(Credentials?.Expiration?.getTime()).toBe(Math.floor(inSeconds(3600).getTime() / 1000) * 1000);
    const { Arn } = await federation.stsOf(Credentials).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(answer.AssumedRoleUser?.Arn);
  });

  it('opens what the tag of the assertion bounds and nothing of another tenant, without any session policy', async () => {
    const { Credentials } = await assume();
    expect(await federation.put(Credentials, 'acme')).toBe('done');
    expect(await federation.put(Credentials, 'globex')).toBe('AccessDenied');
  });

  it('opens nothing where the role leans on a tag that the assertion does not carry', async () => {
    const { Credentials } = await assume({
      attributes: attributes({ [principalTag('TenantId')]: undefined }),
    });
    expect(await federation.put(Credentials, 'acme')).toBe('AccessDenied');
  });

  it('narrows the session with a policy', async () => {
    const Policy = JSON.stringify(document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }));
    const { Credentials } = await assume({}, { Policy });
    expect(await federation.put(Credentials, 'acme')).toBe('AccessDenied');
  });

  it('keeps subject and name qualifier in the context of the session, and nothing else of the assertion', async () => {
    const mine = await assume({}, { RoleArn: roleArn('by-subject') });
    expect(await federation.put(mine.Credentials, 'acme')).toBe('done');
    const theirs = await assume({ nameId: 'bob@acme.example' }, { RoleArn: roleArn('by-subject') });
    expect(await federation.put(theirs.Credentials, 'acme')).toBe('AccessDenied');
    const other = await assume({}, { RoleArn: roleArn('by-issuer') });
    expect(await federation.put(other.Credentials, 'acme')).toBe('AccessDenied');
  });

  it('carries tags, transitive keys and the source identity into the session', async () => {
    const { Credentials } = await assume({
      attributes: attributes({
        [principalTag('Plan')]: 'gold',
        [TRANSITIVE_TAG_KEYS]: ['TenantId', 'Plan'],
        [SOURCE_IDENTITY]: 'ann',
      }),
    });
    expect(federation.sessionOf(Credentials)).toMatchObject({
      tags: { TenantId: 'acme', Plan: 'gold' },
      transitiveTagKeys: ['TenantId', 'Plan'],
      sourceIdentity: 'ann',
      federation: { provider: PROVIDER },
    });
  });

  test.each<[name: string, options: () => AssertionOptions, request: Request, seconds: number]>([
    ['what is asked for', () => ({}), { DurationSeconds: 43_200 }, 43_200],
    ['an hour', () => ({}), {}, 3600],
    [
      'SessionDuration if that is less',
      () => ({ attributes: attributes({ [SESSION_DURATION]: '900' }) }),
      {},
      900,
    ],
    [
      'no longer for SessionDuration',
      () => ({ attributes: attributes({ [SESSION_DURATION]: '7200' }) }),
      {},
      3600,
    ],
    [
      'until SessionNotOnOrAfter if that is earlier',
      () => ({ sessionNotOnOrAfter: inSeconds(1200) }),
      { DurationSeconds: 7200 },
      1200,
    ],
    ['no longer for SessionNotOnOrAfter', () => ({ sessionNotOnOrAfter: inSeconds(7200) }), {}, 3600],
  ])('lasts %s', async (_name, options, request, seconds) => {
    const { Credentials } = await assume(options(), request);
    expect(Credentials?.Expiration?.getTime()).toBe(Math.floor(inSeconds(seconds).getTime() / 1000) * 1000);
  });

  test.each<[name: string, options: () => AssertionOptions]>([
    ['for the other audience', () => ({ audience: 'https://signin.aws.amazon.com/saml' })],
    ['for several audiences', () => ({ audience: ['https://idp.example', 'urn:amazon:webservices'] })],
    [
      'made out to the endpoint of a Region',
      () => ({ recipient: 'https://eu-central-1.signin.aws.amazon.com/saml' }),
    ],
    [
      'made out to the endpoint of a provider',
      () => ({ recipient: 'https://signin.aws.amazon.com/saml/acs/SAML4Z7' }),
    ],
    ['made out to where the provider may post here', () => ({ recipient: LOCAL_RECIPIENT })],
    [
      'with the ARNs the other way round',
      () => ({ attributes: attributes({ [ROLE]: `${PROVIDER},${TENANT}` }) }),
    ],
    [
      'with other roles besides',
      () => ({
        attributes: attributes({ [ROLE]: [`${roleArn('x')},${PROVIDER}`, `${TENANT},${PROVIDER}`] }),
      }),
    ],
    [
      'without times in its conditions',
      () => ({ notBefore: null, notOnOrAfter: null, confirmationNotOnOrAfter: inSeconds(300) }),
    ],
    ['five minutes later', () => ({ issueInstant: inSeconds(-300) })],
    ['in answer to a request', () => ({ inResponseTo: '_request' })],
    [
      'of a transient subject',
      () => ({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }),
    ],
    ['signed with SHA-1', () => ({ algorithm: 'sha1' })],
  ])('takes an assertion %s', async (_name, options) => {
    expect(await outcomeOf(assume(options()))).toBe('done');
  });
});

describe('the trust policy', () => {
  const bob = { nameId: 'bob@acme.example' };
  test.each<[role: string, options: () => AssertionOptions, outcome: string]>([
    ['acme-only', () => ({}), 'done'],
    [
      'acme-only',
      () => ({ attributes: attributes({ [principalTag('TenantId')]: 'globex' }, roleArn('acme-only')) }),
      DENIED,
    ],
    [
      'acme-only',
      () => ({ attributes: attributes({ [principalTag('TenantId')]: undefined }, roleArn('acme-only')) }),
      DENIED,
    ],
    ['assertion', () => ({}), 'done'],
    ['assertion', () => bob, DENIED],
    ['assertion', () => ({ nameIdFormat: null }), DENIED],
    ['assertion', () => ({ recipient: LOCAL_RECIPIENT }), DENIED],
    [
      'assertion',
      () => ({ attributes: attributes({ [ROLE_SESSION_NAME]: 'bob' }, roleArn('assertion')) }),
      DENIED,
    ],
    ['untagged', () => ({}), '403 AccessDenied: Not authorized to perform sts:TagSession'],
    [
      'untagged',
      () => ({ attributes: attributes({ [principalTag('TenantId')]: undefined }, roleArn('untagged')) }),
      'done',
    ],
    ['unsourced', () => ({}), 'done'],
    [
      'unsourced',
      () => ({ attributes: attributes({ [SOURCE_IDENTITY]: 'ann' }, roleArn('unsourced')) }),
      '403 AccessDenied: Not authorized to perform sts:SetSourceIdentity',
    ],
    ['foreign', () => ({}), DENIED],
    ['not-there', () => ({}), DENIED],
  ])('of %s decides (%#)', async (role, options, outcome) => {
    const before = federation.sessions.size;
    expect(await outcomeOf(assume(options(), { RoleArn: roleArn(role) }))).toBe(outcome);
    expect(federation.sessions.size - before).toBe(outcome === 'done' ? 1 : 0);
  });
});

describe('an assertion is refused', () => {
  const withAttributes = (changes: Parameters<typeof attributes>[0]) => ({ attributes: attributes(changes) });
  const editing = (from: string | RegExp, to: string) => ({ edit: (xml: string) => xml.replace(from, to) });

  test.each<[name: string, options: () => AssertionOptions, outcome: string | RegExp]>([
    ['by another key', () => ({ pair: OTHER_PAIR }), SIGNATURE],
    [
      'of another issuer',
      () => ({ issuer: 'https://evil.example' }),
      '400 InvalidIdentityTokenException: Issuer not present in specified provider',
    ],
    ['of an issuer with a space behind it', () => ({ issuer: `${IDP_ENTITY_ID} ` }), /Issuer not present/],
    ['for another audience', () => ({ audience: 'https://latchkey.example' }), AUDIENCE],
    ['for nobody', () => ({ audience: null }), AUDIENCE],
    [
      'with a second restriction that is not met',
      () =>
        editing(
          '</saml:Conditions>',
          '<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction></saml:Conditions>',
        ),
      AUDIENCE,
    ],
    [
      'on a condition that nobody knows',
      () => editing('</saml:Conditions>', '<saml:Condition/></saml:Conditions>'),
      INVALID,
    ],
    [
      'made out to another recipient',
      () => ({ recipient: 'https://signin.aws.amazon.com.evil.example/saml' }),
      INVALID,
    ],
    ['made out to what begins like AWS', () => ({ recipient: `${AWS_RECIPIENT}/acs/x/y` }), INVALID],
    ['made out to a page of AWS', () => ({ recipient: 'https://signin.aws.amazon.com/console' }), INVALID],
    ['made out to nobody', () => ({ recipient: null }), INVALID],
    [
      'with two confirmations',
      () =>
        editing(
          '</saml:Subject>',
          `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${AWS_RECIPIENT}" NotOnOrAfter="2999-01-01T00:00:00Z"/></saml:SubjectConfirmation></saml:Subject>`,
        ),
      INVALID,
    ],
    ['confirmed by a key', () => editing('cm:bearer', 'cm:holder-of-key'), INVALID],
    [
      'at the end of its conditions',
      () => ({ notOnOrAfter: now, confirmationNotOnOrAfter: inSeconds(60) }),
      EXPIRED,
    ],
    ['at the end of its confirmation', () => ({ confirmationNotOnOrAfter: now }), EXPIRED],
    [
      'without an end of its confirmation',
      () => ({ notOnOrAfter: null, notBefore: null }),
      /^400 InvalidIdentityTokenException/,
    ],
    ['at the end of its session', () => ({ sessionNotOnOrAfter: now }), EXPIRED],
    ['before its time', () => ({ notBefore: inSeconds(1) }), INVALID],
    ['from the future', () => ({ issueInstant: inSeconds(1) }), INVALID],
    [
      'more than five minutes later',
      () => ({ issueInstant: inSeconds(-301) }),
      '400 ExpiredTokenException: Token must be redeemed within 5 minutes of issuance',
    ],
    ['with a time in no zone', () => editing(/IssueInstant="([^"]*)Z"/, 'IssueInstant="$1"'), INVALID],
    ['of SAML 1.1', () => editing('Version="2.0"', 'Version="1.1"'), INVALID],
    ['without a name', () => ({ nameId: null }), DENIED],
    ['with an empty name', () => ({ nameId: '' }), DENIED],
    ['with two names', () => editing('<saml:NameID', '<saml:NameID>bob</saml:NameID><saml:NameID'), DENIED],
    [
      'with a name of another namespace',
      () => editing(/<saml:NameID[^>]*>([^<]*)<\/saml:NameID>/, '<NameID xmlns="urn:x">$1</NameID>'),
      DENIED,
    ],
    ['for another role', () => withAttributes({ [ROLE]: `${roleArn('other')},${PROVIDER}` }), DENIED],
    ['for the role by another provider', () => withAttributes({ [ROLE]: `${TENANT},${FOREIGN}` }), DENIED],
    [
      'for the role and more in one value',
      () => withAttributes({ [ROLE]: `${TENANT},${PROVIDER},${PROVIDER}` }),
      DENIED,
    ],
    ['for no role', () => withAttributes({ [ROLE]: undefined }), DENIED],
    [
      'without a session name',
      () => withAttributes({ [ROLE_SESSION_NAME]: undefined }),
      '400 InvalidIdentityTokenException: RoleSessionName is required in AuthnResponse',
    ],
    [
      'with a session name with a space',
      () => withAttributes({ [ROLE_SESSION_NAME]: 'Ann B' }),
      '400 InvalidIdentityTokenException: RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
    ],
    [
      'with a session name that is too long',
      () => withAttributes({ [ROLE_SESSION_NAME]: 'x'.repeat(65) }),
      /RoleSessionName in AuthnResponse must match/,
    ],
    ['with two session names', () => withAttributes({ [ROLE_SESSION_NAME]: ['ann', 'bob'] }), INVALID],
    [
      'with a session name of elements',
      () => editing('>ann</saml:AttributeValue>', '>ann<x/></saml:AttributeValue>'),
      INVALID,
    ],
    [
      'with an attribute twice',
      () =>
        editing(
          '</saml:AttributeStatement>',
          `</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name="${principalTag('TenantId')}"><saml:AttributeValue>globex</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
        ),
      INVALID,
    ],
    [
      'with a tag of two values',
      () => withAttributes({ [principalTag('TenantId')]: ['acme', 'globex'] }),
      INVALID,
    ],
    ['with a tag of no value', () => withAttributes({ [principalTag('TenantId')]: [] }), INVALID],
    [
      'with one tag twice but for case',
      () => withAttributes({ [principalTag('tenantid')]: 'globex' }),
      /^400 InvalidParameterValue: Duplicate tag keys/,
    ],
    [
      'with a wildcard as a tag',
      () => withAttributes({ [principalTag('TenantId')]: '*' }),
      /^400 ValidationError: .*'tags\.1\.member\.value'/,
    ],
    [
      'with a transitive key that is no tag',
      () => withAttributes({ [TRANSITIVE_TAG_KEYS]: 'Plan' }),
      /^400 InvalidParameterValue: /,
    ],
    [
      'with a source identity of AWS',
      () => withAttributes({ [SOURCE_IDENTITY]: 'aws:ann' }),
      /Source Identity must match/,
    ],
    ['with a duration that is too short', () => withAttributes({ [SESSION_DURATION]: '899' }), INVALID],
    ['with a duration that is no number', () => withAttributes({ [SESSION_DURATION]: '1e3' }), INVALID],
  ])('%s', async (_name, options, outcome) => {
    const before = federation.sessions.size;
    expect(await outcomeOf(assume(options()))).toEqual(
      typeof outcome === 'string' ? outcome : expect.stringMatching(outcome),
    );
    expect(federation.sessions.size).toBe(before);
  });
});

describe('only what was signed counts', () => {
  const signed = () => signAssertion({ now, attributes: attributes() });
  /** The same for another tenant, by nobody. */
  const forged = () =>
    signed()
      .replace(/<Signature.*<\/Signature>/, '')
      .replace('>acme<', '>globex<')
      .replace(/ID="_/, 'ID="_forged');
  const latin1 = (xml: string) => Buffer.from(xml, 'latin1').toString('base64');
  const signatureOf = (xml: string) => /<Signature.*<\/Signature>/.exec(xml)?.[0] ?? '';

  test.each<[name: string, content: () => string, outcome: string]>([
    ['no signature', () => forged(), SIGNATURE],
    ['a changed tag', () => signed().replace('>acme<', '>globex<'), SIGNATURE],
    ['a comment in a tag', () => signed().replace('>acme<', '>acme<!-- -->x<'), UNREADABLE],
    [
      'a comment that the signature passes over',
      () => signed().replace('>ann@acme.example<', '>ann@acme.example<!---->.evil<'),
      UNREADABLE,
    ],
    ['a comment alone', () => signed().replace('>acme<', '>ac<!-- -->me<'), UNREADABLE],
    ['a processing instruction', () => signed().replace('>acme<', '><?x y?>acme<'), UNREADABLE],
    [
      'a signature of another one',
      () => forged().replace('</saml:Issuer>', `</saml:Issuer>${signatureOf(signed())}`),
      SIGNATURE,
    ],
    ['a forged one before it', () => forged() + signed(), UNREADABLE],
    ['a forged one behind it', () => signed() + forged(), UNREADABLE],
    [
      'the signed one in the forged one',
      () => forged().replace('</saml:Assertion>', `${signed()}</saml:Assertion>`),
      UNREADABLE,
    ],
    [
      'the signed one in extensions',
      () => `<samlp:Extensions>${signed()}</samlp:Extensions>${forged()}`,
      UNREADABLE,
    ],
    [
      'the signed one in an object of the signature',
      () => {
        const xml = signed();
        const signature = signatureOf(xml).replace(
          '</Signature>',
          `<Object>${xml.replace(signatureOf(xml), '')}</Object></Signature>`,
        );
        return forged().replace('</saml:Issuer>', `</saml:Issuer>${signature}`);
      },
      UNREADABLE,
    ],
    [
      'the same id elsewhere',
      () => {
        const xml = signed();
        return `<samlp:Extensions><x ID="${/ ID="([^"]*)"/.exec(xml)?.[1]}"/></samlp:Extensions>${xml}`;
      },
      SIGNATURE,
    ],
    [
      'two signatures',
      () => {
        const xml = signed();
        return xml.replace('</saml:Issuer>', `</saml:Issuer>${signatureOf(xml)}`);
      },
      SIGNATURE,
    ],
    ['no assertion', () => '', UNREADABLE],
    [
      'an encrypted one',
      () => '<saml:EncryptedAssertion/>',
      '501 NotImplemented: the local STS does not take encrypted assertions',
    ],
  ])('and not %s', async (_name, content, outcome) => {
    const before = federation.sessions.size;
    expect(await outcomeOf(show(encodeResponse(wrapInResponse(content()))))).toBe(outcome);
    expect(federation.sessions.size).toBe(before);
  });

  test.each<[name: string, response: () => string, outcome: string]>([
    ['that is no base64', () => `${signResponse({ now })}*`, UNREADABLE],
    [
      'that is no UTF-8',
      () => latin1(wrapInResponse(signed(), { issuer: 'https://idp.example/é' })),
      UNREADABLE,
    ],
    ['that is no XML', () => encodeResponse('SAML'), UNREADABLE],
    [
      'with a document type',
      () => encodeResponse(`<!DOCTYPE x [<!ENTITY t "acme">]>${wrapInResponse(signed())}`),
      UNREADABLE,
    ],
    ['that is an assertion alone', () => encodeResponse(signed()), UNREADABLE],
    [
      'of another protocol',
      () => encodeResponse(wrapInResponse(signed()).replaceAll('SAML:2.0:protocol', 'SAML:2.0:other')),
      UNREADABLE,
    ],
    [
      'whose own signature covers an assertion without one',
      () => encodeResponse(signAround(wrapInResponse(forged()))),
      SIGNATURE,
    ],
    [
      'that says no',
      () =>
        encodeResponse(wrapInResponse(signed(), { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' })),
      '403 IDPRejectedClaimException: The identity provider (IdP) reported that authentication failed.',
    ],
  ])('of a response %s', async (_name, response, outcome) => {
    expect(await outcomeOf(show(response()))).toBe(outcome);
  });

  it('whether the response is signed as well or not', async () => {
    expect(await outcomeOf(show(encodeResponse(signAround(wrapInResponse(signed())))))).toBe('done');
  });

  it('in base64 of several lines as well', async () => {
    const lines = signResponse({ now, attributes: attributes() }).replace(/.{76}/g, '$&\r\n');
    expect(await outcomeOf(show(lines))).toBe('done');
  });
});

it('needs an end of its confirmation, whoever has read it before', () => {
  const xml = signAssertion({ now, attributes: attributes(), confirmationNotOnOrAfter: null });
  const [provider] = parseSamlProviders([{ arn: PROVIDER, metadata: renderIdpMetadata() }]).values();
  expect(() => readSamlAssertion(parseXml(xml), provider as SamlProvider, now)).toThrow(
    'Invalid SAML response',
  );
});

describe('a parameter', () => {
  test.each<[name: string, request: Request, outcome: RegExp]>([
    [
      'RoleArn that is none',
      { RoleArn: 'arn:aws:iam::1:role/too-short' },
      /^400 ValidationError: .* is invalid$/,
    ],
    ['PrincipalArn that is none', { PrincipalArn: TENANT }, /^400 ValidationError: .* is invalid$/],
    [
      'PrincipalArn of nobody',
      { PrincipalArn: `${PROVIDER}2` },
      /^400 InvalidIdentityTokenException: Specified provider doesn't exist$/,
    ],
    ['PrincipalArn of another account', { PrincipalArn: FOREIGN }, /Specified provider doesn't exist$/],
    [
      'SAMLAssertion that is too short',
      { SAMLAssertion: 'abc' },
      /^400 ValidationError: .*greater than or equal to 4$/,
    ],
    [
      'SAMLAssertion that is too long',
      { SAMLAssertion: 'x'.repeat(100_001) },
      /^400 ValidationError: .*less than or equal to 100000$/,
    ],
    [
      'SAMLAssertion as long as can be',
      { SAMLAssertion: 'x'.repeat(100_000) },
      /Invalid base64 SAMLResponse/,
    ],
    ['DurationSeconds below 900', { DurationSeconds: 899 }, /^400 ValidationError: .*'durationSeconds'/],
    ['DurationSeconds above 43200', { DurationSeconds: 43_201 }, /^400 ValidationError: .*'durationSeconds'/],
    ['Policy that is none', { Policy: '{' }, /^400 MalformedPolicyDocumentException: /],
  ])('%s is refused', async (_name, request, outcome) => {
    const SAMLAssertion = signResponse({ now, attributes: attributes() });
    expect(await outcomeOf(show(SAMLAssertion, request))).toMatch(outcome);
  });

  it('DurationSeconds above the maximum of the role is refused, also if the assertion shortens it', async () => {
    const RoleArn = roleArn('short');
    const shortened = attributes({ [SESSION_DURATION]: '900' }, RoleArn);
    expect(await outcomeOf(assume({ attributes: shortened }, { RoleArn, DurationSeconds: 3601 }))).toBe(
      '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });
});

it('says nothing of an assertion in its log', async () => {
  await outcomeOf(assume({ nameId: 'abracadabra', audience: 'somebody' }));
  const log = federation.logged.join('\n');
  expect(log).toContain('required audience');
  expect(log).not.toContain('abracadabra');
});

describe('a provider', () => {
  const parse = (metadata: string, arn = PROVIDER) => parseSamlProviders([{ arn, metadata }]).get(arn);
  const { certificate } = OTHER_PAIR;

  it.each([{ use: 'signing' as const }, { use: null }])('signs with keys for $use', ({ use }) => {
    expect(parse(renderIdpMetadata({ use }))?.certificates).toHaveLength(1);
  });

  it('signs with each of several keys', async () => {
    expect(parse(renderIdpMetadata({ certificates: [certificate, certificate] }))?.certificates).toHaveLength(
      2,
    );
  });

  test.each<[name: string, metadata: string, arn?: string]>([
    ['with the ARN of a role', renderIdpMetadata(), TENANT],
    ['without a name', renderIdpMetadata({ entityId: '' })],
    ['that only decrypts', renderIdpMetadata({ use: 'encryption' })],
    ['without a key', renderIdpMetadata({ certificates: [] })],
    ['whose certificate is none', renderIdpMetadata({ certificates: ['bm9uZQ=='] })],
    ['that provides a service', renderIdpMetadata().replaceAll('IDPSSODescriptor', 'SPSSODescriptor')],
    ['with a document type', `<!DOCTYPE x>${renderIdpMetadata().replace(/<\?.*\?>/, '')}`],
    ['of something else', '<EntityDescriptor entityID="x"/>'],
  ])('%s is not registered', (_name, metadata, arn) => {
    expect(() => parse(metadata, arn)).toThrow();
  });
});
