import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createKmsTokenSigner } from '../../../../functions/adapters/signing/kms-token-signer.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { createKmsKeys } from '../../../../local/aws/kms/keys.ts';
import { createKmsDoor } from '../../../../local/aws/kms.ts';
import { allowing } from '../../../local/local-events.ts';
import { ACCOUNT, createSession, REGION } from '../../../local/tenant-session.ts';

const NEW = '11111111-1111-4111-8111-111111111111';
const OLD = '22222222-2222-4222-8222-222222222222';
const CURVE = '33333333-3333-4333-8333-333333333333';
const DISABLED = '44444444-4444-4444-8444-444444444444';
const NONE = '55555555-5555-4555-8555-555555555555';
const CLAIMS = { iss: 'https://latchkey.example', aud: 'sts.amazonaws.com', sub: 'acme' };

const session = createSession({ rolePolicy: allowing({ Action: 'kms:*', Resource: '*' }) });
const stranger = createSession({ rolePolicy: allowing({ Action: 'kms:GetPublicKey', Resource: '*' }) });
const keys = createKmsKeys([
  { id: NEW, keySpec: 'RSA_2048' },
  { id: OLD, keySpec: 'RSA_2048' },
  { id: CURVE, keySpec: 'ECC_NIST_P384' },
  { id: DISABLED, keySpec: 'RSA_2048', isEnabled: false },
]);
const door = getRequestListener(
  createKmsDoor({
    account: ACCOUNT,
    region: REGION,
    clock: () => new Date(),
    log: () => {},
    sessions: new Map([session, stranger].map((each) => [each.credentials.accessKeyId, each])),
    keys,
  }) as never,
);

let server: Server;
let endpoint: string;
/** What KMS was asked, by name. */
let asked: string[];
let respond: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(String(request.headers['x-amz-target']).replace('TrentService.', ''));
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  asked = [];
  respond = door;
});

const signerWith = (ids: readonly [string, ...string[]], { credentials } = session) =>
  createKmsTokenSigner({ region: REGION, credentials, endpoint, keys: ids });
const deadline = () => startDeadline(1900);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('got an answer');
    },
    (failure) => failure,
  );
const answering =
  (status: number, body: object): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));

describe('a token', () => {
  it('verifies by the published keys, whose ids are their thumbprints', async () => {
    const signer = signerWith([NEW]);
    const token = (await signer.sign(CLAIMS, deadline())).reveal();
    const published = await signer.keys(deadline());
    expect(published).toEqual([
      { kty: 'RSA', n: expect.any(String), e: 'AQAB', alg: 'RS256', use: 'sig', kid: expect.any(String) },
    ]);
    const [{ kid = '', ...key } = {}] = published as readonly Partial<Record<string, string>>[];
    expect(kid).toBe(await calculateJwkThumbprint(key as never));
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT', kid });
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...published] as never }));
    expect(payload).toEqual(CLAIMS);
  });

  it('is a secret: no part of it goes to KMS, which gets a digest', async () => {
    const bodies: string[] = [];
    respond = (request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      door(request, response);
    };
    const token = await signerWith([NEW]).sign(CLAIMS, deadline());
    expect(inspect(token, { showHidden: true, depth: null })).toBe('[secret]');
    const input = token.reveal().split('.').slice(0, 2).join('.');
    expect(JSON.parse(bodies[1] ?? '')).toEqual({
      KeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${NEW}`,
      Message: createHash('sha256').update(input).digest('base64'),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    });
  });

  it('has room for tags in any script', async () => {
    const signer = signerWith([NEW]);
    const claims = { ...CLAIMS, tag: 'ключ'.repeat(1000) };
    const token = (await signer.sign(claims, deadline())).reveal();
    const keySet = createLocalJWKSet({ keys: [...(await signer.keys(deadline()))] as never });
    expect((await jwtVerify(token, keySet)).payload).toEqual(claims);
  });
});

describe('a rotation', () => {
  it('publishes both keys while one takes the place of the other, and tokens of either verify', async () => {
    const [before, during, after] = [signerWith([OLD]), signerWith([NEW, OLD]), signerWith([NEW])];
    const byOld = (await before.sign(CLAIMS, deadline())).reveal();
    const byNew = (await during.sign(CLAIMS, deadline())).reveal();
    const [first, second] = await during.keys(deadline());
    expect([decodeProtectedHeader(byNew).kid, decodeProtectedHeader(byOld).kid]).toEqual([
      first?.kid,
      second?.kid,
    ]);
    const both = createLocalJWKSet({ keys: [first, second] as never });
    expect((await jwtVerify(byOld, both)).payload).toEqual(CLAIMS);
    expect((await jwtVerify(byNew, both)).payload).toEqual(CLAIMS);
    const newAlone = createLocalJWKSet({ keys: [...(await after.keys(deadline()))] as never });
    expect((await jwtVerify(byNew, newAlone)).payload).toEqual(CLAIMS);
    await expect(jwtVerify(byOld, newAlone)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('signs although another key that is still published cannot be had', async () => {
    const signer = signerWith([NEW, DISABLED]);
    await signer.sign(CLAIMS, deadline());
    expect(await failureOf(signer.keys(deadline()))).toMatchObject({ code: 'signing_unavailable' });
  });
});

describe('KMS', () => {
  it('is asked for each public key once, however many ask', async () => {
    const signer = signerWith([NEW, OLD]);
    await Promise.all([signer.keys(deadline()), signer.keys(deadline()), signer.sign(CLAIMS, deadline())]);
    await signer.keys(deadline());
    expect(asked.sort()).toEqual(['GetPublicKey', 'GetPublicKey', 'Sign']);
  });

  it('may be away once the keys are known: they are published all the same, and nothing is signed', async () => {
    const signer = signerWith([NEW]);
    const known = await signer.keys(deadline());
    respond = (request) => request.socket.destroy();
    expect(await failureOf(signer.sign(CLAIMS, deadline()))).toMatchObject({ code: 'signing_unavailable' });
    expect(await signer.keys(deadline())).toEqual(known);
  });

  it('is asked again for a key that could not be had', async () => {
    const signer = signerWith([NEW]);
    respond = (request) => request.socket.destroy();
    expect(await failureOf(signer.keys(deadline()))).toMatchObject({ code: 'signing_unavailable' });
    respond = door;
    expect(await signer.keys(deadline())).toHaveLength(1);
  });

  it('is left alone when it has failed three times in a row', async () => {
    const signer = signerWith([NEW]);
    await signer.keys(deadline());
    respond = (request) => request.socket.destroy();
    for (let count = 0; count < 3; count += 1) await failureOf(signer.sign(CLAIMS, deadline()));
    const calls = asked.length;
    expect(await failureOf(signer.sign(CLAIMS, deadline()))).toMatchObject({ code: 'signing_unavailable' });
    expect(asked).toHaveLength(calls);
  });

  it('is not left alone for its refusals', async () => {
    const signer = signerWith([NEW], stranger);
    for (let count = 0; count < 4; count += 1) await failureOf(signer.sign(CLAIMS, deadline()));
    expect(asked.filter((name) => name === 'Sign')).toHaveLength(4);
  });

  it('is not waited for beyond the deadline, by nobody', async () => {
    const signer = signerWith([NEW]);
    respond = (request, response) => void setTimeout(() => door(request, response), 120);
    const [hurried, patient] = [startDeadline(40), startDeadline(1900)];
    const waiting = signer.keys(patient);
    expect(await failureOf(signer.keys(hurried))).toMatchObject({ code: 'deadline_exceeded' });
    expect(await waiting).toHaveLength(1);
    respond = () => {};
    const startedAt = performance.now();
    expect(await failureOf(signer.sign(CLAIMS, startDeadline(40)))).toMatchObject({
      code: 'signing_unavailable',
    });
    expect(performance.now() - startedAt).toBeLessThan(400);
  });
});

describe('a key', () => {
  test.each<[string, string, typeof session]>([
    ['of another kind', CURVE, session],
    ['that is disabled', DISABLED, session],
    ['that is not there', NONE, session],
    ['that the function may not sign with', NEW, stranger],
  ])('%s signs nothing', async (_what, id, as) => {
    const failure = await failureOf(signerWith([id], as).sign(CLAIMS, deadline()));
    expect(failure).toMatchObject({ code: 'signing_unavailable', retryAfterSeconds: 1 });
  });

  it('is the one that was asked for: a signature of another would not verify', async () => {
    const signer = signerWith([NEW]);
    await signer.keys(deadline());
    respond = answering(200, { KeyId: 'another', Signature: Buffer.from('x').toString('base64') });
    expect(await failureOf(signer.sign(CLAIMS, deadline()))).toMatchObject({ code: 'signing_unavailable' });
  });

  it.each([
    ['for encryption', { KeyUsage: 'ENCRYPT_DECRYPT' }],
    ['without its algorithm', { SigningAlgorithms: ['RSASSA_PSS_SHA_256'] }],
    ['without a public half', { PublicKey: undefined }],
    ['that is none at all', { PublicKey: Buffer.from('x').toString('base64') }],
  ])('%s is none', async (_what, changes) => {
    const pair = await keys[0]?.pair();
    const der = pair?.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const usual = {
      KeyId: 'arn',
      PublicKey: der,
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256'],
    };
    respond = answering(200, usual);
    expect(await signerWith([NEW]).keys(deadline())).toHaveLength(1);
    respond = answering(200, { ...usual, ...changes });
    expect(await failureOf(signerWith([NEW]).keys(deadline()))).toMatchObject({
      code: 'signing_unavailable',
    });
  });
});
