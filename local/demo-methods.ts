import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { VendAnswer } from '../functions/api/answers.ts';
import { ROUTES } from '../functions/core/routes.ts';
import { askForCredentials, type Question, refusalIn } from './ask-for-credentials.ts';
import type { MfaCode } from './authenticator.ts';
import type { Step } from './demo-steps.ts';
import { fetchToken } from './fetch-token.ts';
import type { LocalFacts } from './local-facts.ts';

/** Every other way to credentials, and what is made of them: each opens acme's data and nobody else's. */
export async function methodSteps(facts: LocalFacts): Promise<readonly Step[]> {
  const token = await fetchToken(facts, 'acme');
  const vended = new Map<string, VendAnswer>();
  for (const profile of ['app-long', 'app-token', 'app-saml', 'app-federated', 'app-session', 'app-mfa'])
    vended.set(profile, await askForCredentials(facts, await questionFor(profile, token, facts)));
  return [
    ...[...vended].flatMap(([profile, answer]): Step[] => [
      {
        title: `acme, profile ${profile}: s3 get`,
        expected: 'allowed',
        run: () => read(answer, 'acme', facts),
      },
      {
        title: `acme, profile ${profile}: s3 get of globex's`,
        expected: 'denied',
        run: () => read(answer, 'globex', facts),
      },
    ]),
    { title: 'acme: a link to the console signs in', expected: 'allowed', run: () => signIn(token, facts) },
    ...(await decodeSteps(token, facts)),
  ];
}

/** Where a profile is vended, and what it takes besides the token. */
async function questionFor(profile: string, token: string, { api }: LocalFacts): Promise<Question> {
  const ask = (what: string) => fetch(`${api}/local/${what}?tenant=acme`);
  switch (profile) {
    case 'app-saml': {
      const samlResponse = await (await ask('saml-response')).text();
      return { function: 'saml', body: { profile, samlResponse } };
    }
    case 'app-federated':
      return { function: 'iam-user', token, body: { profile } };
    case 'app-session':
    case 'app-mfa': {
      const mfa = (await (await ask('mfa')).json()) as MfaCode;
      return { function: 'iam-user', token, body: { profile, mfa } };
    }
    default:
      return { token, body: { profile } };
  }
}

/** Of what AWS says of a denial, the tenant whose session was denied is told what it means, and nobody else. */
async function decodeSteps(token: string, facts: LocalFacts): Promise<readonly Step[]> {
  const answer = await askForCredentials(facts, { token, body: {} });
  const refusal = await read(answer, 'globex', facts).catch((error: unknown) => error);
  const { EncodedAuthorizationMessage: encodedMessage } = refusal as {
    readonly EncodedAuthorizationMessage?: string;
  };
  const globex = await fetchToken(facts, 'globex');
  const decode = (bearer: string) => post(ROUTES.decode, bearer, { encodedMessage }, facts);
  return [
    { title: 'acme: what AWS says of its denial, decoded', expected: 'allowed', run: () => decode(token) },
    {
      title: "globex: what AWS says of acme's denial, decoded",
      expected: 'denied',
      run: () => decode(globex),
    },
  ];
}

async function signIn(token: string, facts: LocalFacts): Promise<void> {
  const { url } = (await post(ROUTES.consoleSession, token, { profile: 'app-long' }, facts)) as {
    url: string;
  };
  const page = await (await fetch(url)).text();
  if (!page.includes('/acme.')) throw new Error(`got ${page}, expected a session of acme`);
}

async function post(path: string, token: string, body: object, { api }: LocalFacts): Promise<unknown> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.status !== 200) throw await refusalIn(response, path);
  return response.json();
}

function read({ credentials }: VendAnswer, tenantId: string, facts: LocalFacts): Promise<unknown> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { region, s3: endpoint, bucket: Bucket } = facts;
  const client = new S3Client({
    region,
    endpoint,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  return client.send(new GetObjectCommand({ Bucket, Key: `${tenantId}/welcome.txt` }));
}
