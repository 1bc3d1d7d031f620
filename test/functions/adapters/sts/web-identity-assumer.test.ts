import { inspect } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { describeCause } from '../../../../functions/adapters/log/describe-cause.ts';
import { createWebIdentityAssumer } from '../../../../functions/adapters/sts/web-identity-assumer.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { type Secret, secret } from '../../../../functions/core/secret.ts';
import type { TokenIssuer } from '../../../../functions/core/self-issued/token-issuer.ts';
import { parseCarriedSession } from '../../../../functions/core/token/carried-session.ts';
import { sampleCaller, sampleProfile, sampleTenant } from '../../core/sample.ts';
import {
  FEDERATED_ROLE_ARN,
  startWebIdentityAccount,
  UNTAGGED_ROLE_ARN,
  UNTRUSTING_ROLE_ARN,
  type WebIdentityAccount,
} from './web-identity-account.ts';

let aws: WebIdentityAccount;
beforeAll(async () => {
  aws = await startWebIdentityAccount();
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.asked.length = 0;
});
afterEach(() => {
  aws.overrides.sts = undefined;
});

const clock = () => new Date();
const LATCHKEY: Partial<ProfileDefinition> = { method: 'webIdentity', roleArn: FEDERATED_ROLE_ARN };
const CALLER: Partial<ProfileDefinition> = { ...LATCHKEY, webIdentityToken: 'caller' };

function grantFor(definition: Partial<ProfileDefinition>, token = 'not-a-token', request = {}): Grant {
  const caller = sampleCaller({
    validUntil: new Date(Date.now() + 60_000),
    carried: token.includes('.') ? parseCarriedSession(decodeJwt(token)) : undefined,
  });
  const tenant = sampleTenant({ attributes: { plan: 'gold' } });
  return decideGrant(caller, tenant, sampleProfile(definition), request, clock);
}

/** Credentials for a grant; `issued` are the tokens that Latchkey signed for it. */
function assumerWith(tokenIssuer: TokenIssuer | undefined, issued: Secret[] = []) {
  return createWebIdentityAssumer({
    ...aws.access,
    tokenIssuer: tokenIssuer && {
      ...tokenIssuer,
      async tokenFor(grant, deadline) {
        const token = await tokenIssuer.tokenFor(grant, deadline);
        issued.push(token);
        return token;
      },
    },
  });
}
const assume = (grant: Grant, token = 'not-a-token', issued: Secret[] = []) =>
  assumerWith(aws.tokenIssuer, issued).assume(grant, secret(token), startDeadline(1900));
const failureOf = (work: Promise<unknown>): Promise<VendingError> =>
  work.then(
    () => {
      throw new Error('got credentials');
    },
    (failure) => failure,
  );
const withClaims = (changes: Record<string, unknown>): TokenIssuer => ({
  ...aws.tokenIssuer,
  tokenFor: async () => secret(await aws.callersToken({ sub: 'tenant:acme', ...changes })),
});

/** What STS answers for acme, in XML, with a session of this name. */
const answerFor = (sessionName: string) =>
  `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>tenant:acme</SubjectFromWebIdentityToken>
    <AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/r/${sessionName}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>
    <Credentials><AccessKeyId>ASIAOTHER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
  </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

describe('with a token that Latchkey signs', () => {
  const profile = {
    ...LATCHKEY,
    tags: { Plan: '{{tenant.attributes.plan}}' },
    transitiveTagKeys: ['TenantId'],
    durationSeconds: { default: 43_200, maximum: 43_200 },
  };

  it('a grant becomes a session of twelve hours, not chained, of the tenant and in its name', async () => {
    const grant = grantFor(profile);
    const vended = await assume(grant);
    const session = aws.sessions.get(vended.accessKeyId);
    expect(session).toMatchObject({
      entityArn: FEDERATED_ROLE_ARN,
      tags: { TenantId: 'acme', Plan: 'gold' },
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: grant.roleSessionName,
      chained: false,
    });
    expect(session?.sessionPolicies).toHaveLength(1);
    expect(vended).toMatchObject({
      identity: { subject: 'tenant:acme', audience: 'sts.amazonaws.com', provider: aws.urls.latchkey },
      sourceIdentity: grant.sourceIdentity,
      assumedRoleUser: { arn: expect.stringMatching(`/${grant.roleSessionName}$`) },
    });
    const hours = (vended.expiration.getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12);
  });

  it('STS is asked without a signature, with the whole grant, and with no tags beside the token', async () => {
    const grant = grantFor({
      ...LATCHKEY,
      policyArns: [{ arn: 'arn:aws:iam::111122223333:policy/none', boundedBecause: 'the role is' }],
    });
    const issued: Secret[] = [];
    await failureOf(assume(grant, 'the-callers-own', issued));
    expect(aws.asked).toHaveLength(1);
    const [{ authorization, body } = { authorization: '', body: undefined }] = aws.asked;
    expect(authorization).toBeUndefined();
    expect(Object.fromEntries(body ?? [])).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: FEDERATED_ROLE_ARN,
      RoleSessionName: grant.roleSessionName,
      DurationSeconds: '3600',
      Policy: grant.policy,
      'PolicyArns.member.1.arn': 'arn:aws:iam::111122223333:policy/none',
      WebIdentityToken: issued[0]?.reveal(),
    });
  });

  it('each request has a token of its own', async () => {
    const issued: Secret[] = [];
    await assume(grantFor(LATCHKEY), 'x', issued);
    await assume(grantFor(LATCHKEY), 'x', issued);
    expect(new Set(issued.map((token) => token.reveal())).size).toBe(2);
  });

  it('a deployment that signs none refuses, and asks nobody', async () => {
    const work = assumerWith(undefined).assume(grantFor(LATCHKEY), secret('x'), startDeadline(1900));
    expect((await failureOf(work)).code).toBe('issuer_off');
    expect(aws.asked).toEqual([]);
  });

  it('a grant of another method is none', async () => {
    const grant = { ...grantFor(LATCHKEY), webIdentityToken: undefined };
    expect((await failureOf(assume(grant))).code).toBe('internal_error');
    expect(aws.asked).toEqual([]);
  });

  it('never asks without a policy: STS would give the whole role', async () => {
    const grant = { ...grantFor(LATCHKEY), policy: '' };
    expect((await failureOf(assume(grant))).code).toBe('policy_unrenderable');
    expect(aws.asked).toEqual([]);
  });

  it('an answer of another subject is none', async () => {
    const work = assumerWith(withClaims({ sub: 'tenant:globex' })).assume(
      grantFor(LATCHKEY),
      secret('x'),
      startDeadline(1900),
    );
    expect(await failureOf(work)).toMatchObject({
      code: 'sts_unavailable',
      cause: 'the answer of STS is of another subject',
    });
  });

  it('an answer of another session is none', async () => {
    const grant = grantFor(LATCHKEY);
    aws.overrides.sts = (_request, response) => void response.end(answerFor('globex.somebody'));
    expect(await failureOf(assume(grant))).toMatchObject({
      code: 'sts_unavailable',
      cause: 'the answer of STS is of another session',
    });
    aws.overrides.sts = (_request, response) => void response.end(answerFor(grant.roleSessionName));
    expect((await assume(grant)).accessKeyId).toBe('ASIAOTHER');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['of another audience', { aud: 'sts.amazonaws.com.cn' }, 'identity_refused'],
    ['that has expired', { exp: 1_700_000_000 }, 'identity_refused'],
    ['of an issuer that IAM does not know', { iss: 'https://other.example' }, 'identity_refused'],
    ['without tags, which the role demands', { 'https://aws.amazon.com/tags': {} }, 'role_not_assumable'],
  ])('a token %s is refused by STS', async (_what, claims, code) => {
    const assumer = assumerWith(withClaims(claims));
    const failure = await failureOf(assumer.assume(grantFor(LATCHKEY), secret('x'), startDeadline(1900)));
    expect(failure.code).toBe(code);
  });

  test.each([
    [UNTRUSTING_ROLE_ARN, 'role_not_assumable', /sts:AssumeRoleWithWebIdentity to the token's issuer/],
    [UNTAGGED_ROLE_ARN, 'tag_session_denied', /sts:TagSession to the identity provider/],
  ])('%s is refused as the role that it is', async (roleArn, code, detail) => {
    const failure = await failureOf(assume(grantFor({ ...LATCHKEY, roleArn })));
    expect(failure).toMatchObject({ code, message: expect.stringMatching(detail) });
  });
});

describe("with the caller's own token", () => {
  it('a grant becomes a session of what the token says', async () => {
    const token = await aws.callersToken();
    const grant = grantFor(CALLER, token, { durationSeconds: 3600 });
    const vended = await assume(grant, token);
    expect(aws.sessions.get(vended.accessKeyId)).toMatchObject({ tags: { TenantId: 'acme' } });
    expect(vended).toMatchObject({
      identity: { subject: 'user-1', audience: 'sts.amazonaws.com', provider: aws.urls.callers },
      sourceIdentity: undefined,
    });
    expect(aws.asked[0]?.body.get('WebIdentityToken')).toBe(token);
    expect(aws.asked[0]?.body.get('Policy')).toBe(grant.policy);
  });

  it('Latchkey signs none beside it', async () => {
    const issued: Secret[] = [];
    const token = await aws.callersToken();
    await assume(grantFor(CALLER, token), token, issued);
    expect(issued).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['of another audience', { aud: 'nobody' }, 'identity_refused'],
    ['of an audience that the role does not trust', { aud: 'elsewhere' }, 'role_not_assumable'],
    ['that has expired', { exp: 1_700_000_000 }, 'token_expired'],
    ['that is not valid yet', { nbf: 4_000_000_000 }, 'identity_refused'],
  ])('one %s is refused by STS', async (_what, claims, code) => {
    const token = await aws.callersToken(claims);
    expect((await failureOf(assume(grantFor(CALLER, token), token))).code).toBe(code);
  });

  it('one that was tampered with is refused by STS', async () => {
    const token = await aws.callersToken();
    const [header, , signature] = token.split('.');
    const [, claims] = (await aws.callersToken({ sub: 'user-2' })).split('.');
    const forged = [header, claims, signature].join('.');
    expect((await failureOf(assume(grantFor(CALLER, token), forged))).code).toBe('identity_refused');
  });

  it("one with another tenant's tags gets no grant: STS is not asked", async () => {
    const token = await aws.callersToken({}, 'globex');
    expect(() => grantFor(CALLER, token)).toThrow(expect.objectContaining({ code: 'token_tags_mismatch' }));
    expect(aws.asked).toEqual([]);
  });
});

describe('an issuer that AWS cannot reach', () => {
  const UNREACHABLE =
    '<ErrorResponse><Error><Code>IDPCommunicationError</Code><Message>x</Message></Error></ErrorResponse>';

  it('is asked for once more, and then is no reason to leave STS alone', async () => {
    let away = 1;
    aws.overrides.sts = (_request, response) => {
      away -= 1;
      if (away === 0) aws.overrides.sts = undefined;
      response.writeHead(400).end(UNREACHABLE);
    };
    await assume(grantFor(LATCHKEY));
    expect(aws.asked).toHaveLength(2);

    aws.overrides.sts = (_request, response) => void response.writeHead(400).end(UNREACHABLE);
    const assumer = assumerWith(aws.tokenIssuer);
    const ask = () => assumer.assume(grantFor(LATCHKEY), secret('x'), startDeadline(1900));
    for (let count = 0; count < 2; count += 1)
      expect(await failureOf(ask())).toMatchObject({
        code: 'sts_unavailable',
        message: expect.stringContaining('identity provider'),
        retryAfterSeconds: 1,
      });
    aws.overrides.sts = undefined;
    expect((await ask()).identity?.subject).toBe('tenant:acme');
  });

  it("of one kind of token is nothing to the other's", async () => {
    aws.overrides.sts = (request) => void request.socket.destroy();
    const assumer = assumerWith(aws.tokenIssuer);
    const token = await aws.callersToken();
    for (let count = 0; count < 2; count += 1)
      await failureOf(assumer.assume(grantFor(CALLER, token), secret(token), startDeadline(1900)));
    aws.overrides.sts = undefined;
    const asked = aws.asked.length;
    await failureOf(assumer.assume(grantFor(CALLER, token), secret(token), startDeadline(1900)));
    expect(aws.asked).toHaveLength(asked);
    expect((await assumer.assume(grantFor(LATCHKEY), secret('x'), startDeadline(1900))).accessKeyId).toMatch(
      /^ASIA/,
    );
  });
});

describe('the token that went to STS', () => {
  const echo = (status: number, code: string, text: (token: string) => string) => {
    aws.overrides.sts = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('WebIdentityToken') ?? '';
        response
          .writeHead(status)
          .end(
            `<ErrorResponse><Error><Code>${code}</Code><Message>${text(token)}</Message></Error></ErrorResponse>`,
          );
      });
    };
  };
  /** Everything that could be printed of it, down to what is not enumerable. */
  const shown = (value: unknown) =>
    [
      inspect(value, { showHidden: true, depth: null, maxStringLength: null, maxArrayLength: null }),
      JSON.stringify(value),
      JSON.stringify(describeCause((value as Error).cause) ?? null),
    ].join('\n');
  const parts = (token: Secret) => token.reveal().split('.').flatMap(inHalves);
  const inHalves = (part: string) => [part.slice(0, 20), part.slice(-20)];

  it('is in no answer', async () => {
    const issued: Secret[] = [];
    const vended = await assume(grantFor(LATCHKEY), 'x', issued);
    for (const part of issued.flatMap(parts)) expect(shown(vended)).not.toContain(part);
    expect(issued).toHaveLength(1);
  });

  test.each<[string, () => void]>([
    [
      'a validation error that quotes it',
      () => echo(400, 'ValidationError', (token) => `Value '${token}' at 'webIdentityToken' failed`),
    ],
    [
      'a refusal that quotes its signature',
      () => echo(400, 'InvalidIdentityToken', (token) => `got ${token.split('.')[2]}, which is none`),
    ],
    ['a denial that quotes its end', () => echo(403, 'AccessDenied', (token) => `… ${token.slice(-24)}`)],
    ['a throttling', () => echo(400, 'Throttling', () => 'Rate exceeded')],
    ['an outage', () => echo(503, 'InternalFailure', (token) => token.slice(100))],
    [
      'a connection that breaks',
      () => {
        aws.overrides.sts = (request) => request.on('data', () => request.socket.destroy());
      },
    ],
    [
      'an answer that is none',
      () => {
        aws.overrides.sts = (_request, response) => void response.end('<html>');
      },
    ],
  ])('is in no error and no cause: %s', async (_what, arrange) => {
    arrange();
    const issued: Secret[] = [];
    const own = await failureOf(assume(grantFor(LATCHKEY), 'x', issued));
    const token = await aws.callersToken();
    const callers = await failureOf(assume(grantFor(CALLER, token), token, issued));
    expect(own).toBeInstanceOf(VendingError);
    expect(callers.cause).toBeDefined();
    for (const part of [...issued, secret(token)].flatMap(parts)) {
      expect(shown(own)).not.toContain(part);
      expect(shown(callers)).not.toContain(part);
    }
    expect(issued).toHaveLength(1);
  });

  it('leaves AWS its words where they do not repeat it', async () => {
    echo(400, 'InvalidIdentityToken', () => 'No OpenIDConnect provider found in your account');
    expect(describeCause((await failureOf(assume(grantFor(LATCHKEY)))).cause)).toEqual({
      name: 'InvalidIdentityTokenException',
      message: 'No OpenIDConnect provider found in your account',
    });
  });
});
