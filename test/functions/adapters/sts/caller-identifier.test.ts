import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, test } from 'vitest';
import { createCallerIdentifier } from '../../../../functions/adapters/sts/caller-identifier.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import type { VendedCredentials } from '../../../../functions/core/grant/credentials.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { ACCOUNT, REGION, TENANT_ROLE_ARN } from '../../../../local/account.ts';
import { openSession } from '../../../../local/aws/open-session.ts';
import { type LocalRole, parseRoles } from '../../../../local/aws/roles.ts';
import type { Sessions } from '../../../../local/aws/session.ts';
import { createStsDoor } from '../../../../local/aws/sts.ts';
import { ROLES } from '../../../../local/roles.ts';
import { serveDoor } from '../../../local/serve-door.ts';
import { sampleCredentials } from '../../core/sample-credentials.ts';

const closers: (() => unknown)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

async function startSts(region: string, sessions: Sessions): Promise<string> {
  const clock = () => new Date();
  const door = createStsDoor({
    roles: parseRoles(ROLES),
    managedPolicies: new Map(),
    sessions,
    region,
    clock,
    log: () => {},
  });
  const { endpoint, close } = await serveDoor(door);
  closers.push(close);
  return endpoint;
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A session of the tenant role's, as if it had been vended in a Region. */
function vendIn(stsRegion: string, sessions: Sessions): VendedCredentials {
  const bounds = { sourceIdentity: undefined, transitiveTagKeys: [], sessionPolicies: undefined };
  const role = parseRoles(ROLES).get(TENANT_ROLE_ARN) as LocalRole;
  const { credentials } = openSession(
    role,
    { ...bounds, sessionName: 'acme.x', durationSeconds: 900, tags: {} },
    { sessions, clock: () => new Date() },
  );
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return sampleCredentials({
    accessKeyId,
    secretAccessKey: secret(secretAccessKey),
    sessionToken: secret(sessionToken),
    stsRegion,
  });
}

const ACME = {
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/latchkey-tenant/acme.x`,
  userId: expect.stringMatching(/^AROA\w+:acme\.x$/),
};

describe('the identity of vended credentials', () => {
  it('is what STS says to who signs with them', async () => {
    const sessions: Sessions = new Map();
    const identifier = createCallerIdentifier({ region: REGION, endpoint: await startSts(REGION, sessions) });
    expect(await identifier.identify(vendIn(REGION, sessions), startDeadline(1900))).toEqual(ACME);
  });

  it('is asked in the Region that vended them', async () => {
    const sessions: Sessions = new Map();
    const identifier = createCallerIdentifier({
      region: REGION,
      endpoint: 'http://127.0.0.1:1',
      fallbacks: [{ region: 'eu-west-1', endpoint: await startSts('eu-west-1', sessions) }],
    });
    expect(await identifier.identify(vendIn('eu-west-1', sessions), startDeadline(1900))).toEqual(ACME);
  });

  const codeWith = (endpoint: string, credentials = sampleCredentials(), milliseconds = 1900) =>
    createCallerIdentifier({ region: REGION, endpoint })
      .identify(credentials, startDeadline(milliseconds))
      .then(
        () => 'identified',
        ({ code }) => code,
      );

  it('is refused to credentials that are none', async () => {
    expect(await codeWith(await startSts(REGION, new Map()))).toBe('sts_rejected');
  });

  test.each<[string, RequestListener]>([
    ['hangs up', (request) => request.socket.destroy()],
    [
      'answers half of it',
      (_request, response) =>
        response.end(
          '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        ),
    ],
  ])('is not had of an STS that %s', async (_what, listener) => {
    expect(await codeWith(await listen(listener))).toBe('sts_unavailable');
  });

  it('is refused without a word of the session token, which STS repeats with what was signed', async () => {
    const endpoint = await listen((request, response) => {
      const signed = `x-amz-security-token:${request.headers['x-amz-security-token']}`;
      response.writeHead(403, { 'Content-Type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>${signed}</Message></Error></ErrorResponse>`,
      );
    });
    const sessionToken = 'session-token-of-acme-0123456789';
    const failure = await createCallerIdentifier({ region: REGION, endpoint })
      .identify(sampleCredentials({ sessionToken: secret(sessionToken) }), startDeadline(1900))
      .catch((error) => error);
    expect([failure.code, failure.cause.name]).toEqual(['sts_rejected', 'SignatureDoesNotMatch']);
    expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(sessionToken);
  });

  it('is waited for no longer than the deadline', async () => {
    expect(await codeWith(await listen(() => {}), sampleCredentials(), 50)).toBe('sts_unavailable');
  });
});
