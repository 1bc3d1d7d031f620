import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createKmsTokenSigner } from '../../../../functions/adapters/signing/kms-token-signer.ts';
import { createFrame } from '../../../../functions/api/frame.ts';
import { createTokenIssuer } from '../../../../functions/core/self-issued/token-issuer.ts';
import { addIssuerRoutes } from '../../../../functions/vend/issuer-routes.ts';
import { parseOpenIdProviders } from '../../../../local/aws/identity-providers.ts';
import { createKmsKeys } from '../../../../local/aws/kms/keys.ts';
import { createKmsDoor } from '../../../../local/aws/kms.ts';
import { parseRoles } from '../../../../local/aws/roles.ts';
import type { Sessions } from '../../../../local/aws/session.ts';
import { createStsDoor } from '../../../../local/aws/sts.ts';
import { allowing } from '../../../local/local-events.ts';
import { ACCOUNT, createSession, REGION } from '../../../local/tenant-session.ts';

export const FEDERATED_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/latchkey-federated`;
export const UNTRUSTING_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/latchkey-untrusting`;
export const UNTAGGED_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/latchkey-untagged`;
const KEY = '11111111-1111-4111-8111-111111111111';
const ROLE_MAX_SECONDS = 43_200;

/** A local AWS with Latchkey and a tenant's own issuer as its OpenID providers, all on one port. */
export type WebIdentityAccount = Awaited<ReturnType<typeof startWebIdentityAccount>>;

export async function startWebIdentityAccount() {
  let respond: RequestListener = (_request, response) => response.writeHead(500).end();
  const server = createServer((request, response) => respond(request, response));
  const endpoint = await listen(server);
  const urls = { latchkey: `${endpoint}/latchkey`, callers: `${endpoint}/callers` };
  const session = createSession({ rolePolicy: allowing({ Action: 'kms:*', Resource: '*' }) });
  const sessions: Sessions = new Map([[session.credentials.accessKeyId, session]]);
  const access = { region: REGION, credentials: session.credentials, endpoint };
  const clock = () => new Date();
  const common = { region: REGION, sessions, clock, log: () => {} };

  const tokenIssuer = createTokenIssuer({
    url: urls.latchkey,
    signer: createKmsTokenSigner({ ...access, keys: [KEY] }),
    clock,
  });
  const callersIssuer = await createCallersIssuer(urls.callers);
  const providers = parseOpenIdProviders(
    [
      { url: urls.latchkey, clientIds: ['sts.amazonaws.com'] },
      { url: urls.callers, clientIds: ['sts.amazonaws.com', 'elsewhere'] },
    ].map((each) => ({ ...each, arn: providerArn(each.url) })),
  );
  const doors = {
    sts: getRequestListener(
      createStsDoor({
        ...common,
        roles: rolesTrusting(Object.values(urls)),
        managedPolicies: new Map(),
        openIdProviders: providers,
      }) as never,
    ),
    kms: getRequestListener(
      createKmsDoor({
        ...common,
        account: ACCOUNT,
        keys: createKmsKeys([{ id: KEY, keySpec: 'RSA_2048' }]),
      }) as never,
    ),
    latchkey: getRequestListener(createFrame({}, (app) => addIssuerRoutes(app, tokenIssuer)).fetch as never),
    callers: callersIssuer.listener,
  };
  /** What STS was asked, as it stood in the request. */
  const asked: { readonly authorization: string | undefined; readonly body: URLSearchParams }[] = [];
  const overrides: { sts: RequestListener | undefined } = { sts: undefined };
  respond = (request, response) => {
    const [, first = ''] = (request.url ?? '').split('/');
    if (request.headers['x-amz-target'] !== undefined) return doors.kms(request, response);
    if (first === 'callers') return doors.callers(request, response);
    if (first === 'latchkey') {
      request.url = (request.url ?? '').slice('/latchkey'.length);
      return doors.latchkey(request, response);
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = new URLSearchParams(Buffer.concat(chunks).toString());
      asked.push({ authorization: request.headers.authorization, body });
    });
    return (overrides.sts ?? doors.sts)(request, response);
  };

  return {
    access,
    tokenIssuer,
    urls,
    sessions,
    asked,
    overrides,
    callersToken: callersIssuer.sign,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function providerArn(url: string): string {
  return `arn:aws:iam::${ACCOUNT}:oidc-provider/${url.replace('http://', '')}`;
}

/** Roles as the stack makes them: bounded by the session's tag, for tokens of an audience and with the tag. */
function rolesTrusting(urls: readonly string[]) {
  const trust = (actions: readonly string[]) => ({
    Version: '2012-10-17',
    Statement: urls.map((url) => ({
      Effect: 'Allow',
      Principal: { Federated: providerArn(url) },
      Action: actions,
      Condition: {
        StringEquals: { [`${url.replace('http://', '')}:aud`]: 'sts.amazonaws.com' },
        Null: { 'aws:RequestTag/TenantId': 'false' },
      },
    })),
  });
  const policies = {
    data: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::data/\${aws:PrincipalTag/TenantId}/*`,
        },
      ],
    },
  };
  const role = (arn: string, actions: readonly string[]) => ({
    arn,
    policies,
    trustPolicy: trust(actions),
    maxSessionDurationSeconds: ROLE_MAX_SECONDS,
  });
  const assume = 'sts:AssumeRoleWithWebIdentity';
  return parseRoles([
    role(FEDERATED_ROLE_ARN, [assume, 'sts:TagSession', 'sts:SetSourceIdentity']),
    role(UNTAGGED_ROLE_ARN, [assume]),
    role(UNTRUSTING_ROLE_ARN, ['sts:AssumeRole']),
  ]);
}

/** A tenant's own issuer: its tokens are for STS, too, and carry what STS reads. */
async function createCallersIssuer(url: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'callers', alg: 'ES256', use: 'sig' }];
  const listener: RequestListener = (request, response) => {
    const isKeySet = request.url?.endsWith('jwks.json');
    response.end(JSON.stringify(isKeySet ? { keys } : { issuer: url, jwks_uri: `${url}/jwks.json` }));
  };
  return {
    listener,
    sign(changes: Record<string, unknown> = {}, tenantId = 'acme') {
      const seconds = Math.floor(Date.now() / 1000);
      const claims = {
        iss: url,
        aud: 'sts.amazonaws.com',
        sub: 'user-1',
        iat: seconds,
        exp: seconds + 300,
        'https://aws.amazon.com/tags': { principal_tags: { TenantId: [tenantId] } },
      };
      return new SignJWT({ ...claims, ...changes })
        .setProtectedHeader({ alg: 'ES256', kid: 'callers' })
        .sign(privateKey);
    },
  };
}
