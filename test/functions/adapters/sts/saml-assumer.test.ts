import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createSamlAssumer } from '../../../../functions/adapters/sts/saml-assumer.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { serveDoor } from '../../../local/serve-door.ts';
import {
  type AssertionOptions,
  AWS_RECIPIENT,
  IDP_ENTITY_ID,
  principalTag,
  ROLE,
  ROLE_SESSION_NAME,
  renderIdpMetadata,
  SOURCE_IDENTITY,
  signResponse,
} from '../../../local/sign-assertion.ts';
import {
  ACCOUNT,
  BOUNDED_BY_TAG,
  document,
  type Federation,
  REGION,
  roleArn,
  startFederation,
} from '../../../local/start-federation.ts';
import { clock, NOW, sampleCaller, sampleProfile, sampleTenant } from '../../core/sample.ts';

const ROLE_ARN = roleArn('latchkey-federated');
const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/acme`;
/** An execution role's; with them a request would be signed, and refused by an STS that does not know them. */
const CREDENTIALS = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'x', sessionToken: 'x' };

let federation: Federation;
let names = true;
const trusting = (name: string, ...actions: readonly string[]) => ({
  arn: roleArn(name),
  trustPolicy: document({ Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: actions }),
  policies: { all: BOUNDED_BY_TAG },
  maxSessionDurationSeconds: 43_200,
});

beforeAll(async () => {
  federation = await startFederation({
    now: () => NOW,
    saml: [{ arn: PROVIDER, metadata: renderIdpMetadata() }],
    roles: [
      trusting('latchkey-federated', 'sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'),
      trusting('untagged', 'sts:AssumeRoleWithSAML', 'sts:SetSourceIdentity'),
      trusting('unsourced', 'sts:AssumeRoleWithSAML', 'sts:TagSession'),
      trusting('closed', 'sts:TagSession'),
    ],
  });
});
afterAll(() => federation.close());
beforeEach(() => {
  names = true;
});

const assumerAt = (endpoint = federation.stsEndpoint) =>
  createSamlAssumer({ region: REGION, credentials: CREDENTIALS, endpoint, namesRole: () => names });

function grant(changes: Partial<Grant> = {}): Grant {
  const caller = sampleCaller({
    samlProviderArn: PROVIDER,
    carried: {
      tags: [{ key: 'TenantId', value: 'acme' }],
      transitiveTagKeys: [],
      sourceIdentity: 'acme.ann',
      roleSessionName: 'acme.ann',
    },
  });
  const profile = sampleProfile({ method: 'saml', roleArn: ROLE_ARN });
  return { ...decideGrant(caller, sampleTenant(), profile, {}, clock), ...changes };
}

const assertion = (role = ROLE_ARN, options: AssertionOptions = {}) =>
  secret(
    signResponse({
      now: NOW,
      attributes: {
        [ROLE]: `${role},${PROVIDER}`,
        [ROLE_SESSION_NAME]: 'acme.ann',
        [SOURCE_IDENTITY]: 'acme.ann',
        [principalTag('TenantId')]: 'acme',
      },
      ...options,
    }),
  );

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'vended',
    ({ code }) => code,
  );

describe('assuming a role with an assertion', () => {
  it('gives a session of what the assertion carries, narrowed by the policy of the grant', async () => {
    const vended = await assumerAt().assume(
      grant({ durationSeconds: 7200 }),
      assertion(),
      startDeadline(1900),
    );
    expect(vended).toMatchObject({
      expiration: new Date(NOW.getTime() + 7_200_000),
      assumedRoleUser: { arn: expect.stringContaining('/latchkey-federated/acme.ann') },
      identity: {
        subject: 'ann@acme.example',
        subjectType: 'persistent',
        issuer: IDP_ENTITY_ID,
        audience: AWS_RECIPIENT,
        nameQualifier: expect.any(String),
      },
      sourceIdentity: 'acme.ann',
      packedPolicySize: expect.any(Number),
      stsRegion: REGION,
    });
    const session = federation.sessions.get(vended.accessKeyId);
    expect(session).toMatchObject({ tags: { TenantId: 'acme' }, sourceIdentity: 'acme.ann' });
    expect(session?.sessionPolicies).toHaveLength(1);
  });

  test.each([
    ['untagged', 'tag_session_denied'],
    ['unsourced', 'source_identity_denied'],
    ['closed', 'role_not_assumable'],
    ['absent', 'role_not_assumable'],
  ])('of a role that is %s: %s', async (name, code) => {
    const role = roleArn(name);
    const work = assumerAt().assume(grant({ roleArn: role }), assertion(role), startDeadline(1900));
    expect(await codeOf(work)).toBe(code);
  });

  it.each<[string, AssertionOptions, string]>([
    ['has expired', { issueInstant: new Date(NOW.getTime() - 301_000) }, 'assertion_expired'],
    ['is of another provider', { issuer: 'https://idp.globex.example' }, 'identity_refused'],
  ])('that %s, by STS', async (_what, options, code) => {
    const work = assumerAt().assume(grant(), assertion(ROLE_ARN, options), startDeadline(1900));
    expect(await codeOf(work)).toBe(code);
  });
});

describe('STS is not asked', () => {
  const askedBy = async (work: (endpoint: string) => Promise<unknown>) => {
    let asked = 0;
    const door = await serveDoor(async () => {
      asked += 1;
      return new Response('', { status: 500 });
    });
    const code = await codeOf(work(door.endpoint));
    await door.close();
    return [code, asked];
  };

  it('for a role that the assertion does not name', async () => {
    names = false;
    const outcome = askedBy((endpoint) =>
      assumerAt(endpoint).assume(grant(), assertion(), startDeadline(1900)),
    );
    expect(await outcome).toEqual(['assertion_role_missing', 0]);
  });

  it('without a policy: it would give the whole role', async () => {
    const outcome = askedBy((endpoint) =>
      assumerAt(endpoint).assume(grant({ policy: '' }), assertion(), startDeadline(1900)),
    );
    expect(await outcome).toEqual(['policy_unrenderable', 0]);
  });
});

it('takes no answer that is of another session', async () => {
  const answer =
    '<AssumeRoleWithSAMLResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithSAMLResult>' +
    '<Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken><Expiration>2026-11-21T13:00:00Z</Expiration></Credentials>' +
    '<AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/latchkey-federated/globex.bob</Arn><AssumedRoleId>x</AssumedRoleId></AssumedRoleUser>' +
    '</AssumeRoleWithSAMLResult></AssumeRoleWithSAMLResponse>';
  const door = await serveDoor(async () => new Response(answer, { headers: { 'Content-Type': 'text/xml' } }));
  const work = assumerAt(door.endpoint).assume(grant(), assertion(), startDeadline(1900));
  expect(await codeOf(work)).toBe('sts_unavailable');
  await door.close();
});
