import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import { ConfigurationError } from '../functions/core/errors.ts';
import type { VendAnswer } from '../functions/vend/answers.ts';
import { exitWith } from './exit-with.ts';
import { loadProfileDefinitions } from './load-profiles.ts';
import { type LocalFacts, startLocal } from './start.ts';

/** One step: what it tries, and whether AWS must allow it. */
interface Step {
  readonly title: string;
  readonly expected: 'allowed' | 'denied';
  readonly run: () => Promise<unknown>;
}

/** AWS's names for the same refusal, in S3 and in DynamoDB. */
const DENIALS = new Set(['AccessDenied', 'AccessDeniedException']);

async function main(): Promise<void> {
  let audited = 0;
  const latchkey = await startLocal({
    port: 0,
    profileDefinitions: await loadProfileDefinitions(),
    auditLog: { record: () => void audited++ },
    log: () => {},
  });
  try {
    const { facts } = latchkey;
    const token = await getToken(facts, 'acme');
    console.log('a token for acme from the OpenID provider: ok');
    const full = await vend(facts, token, {});
    const folder = await vend(facts, token, { scope: { folder: 'reports/' } });
    const readOnly = await vend(facts, token, { profile: 'read-only' });
    const wrong = await runSteps([
      ...dataSteps('acme, profile app, on its own data', 'allowed', full, facts, 'acme'),
      ...dataSteps("acme, profile app, on globex's data", 'denied', full, facts, 'globex'),
      ...wholeSteps(full, facts),
      ...folderSteps(folder, facts),
      ...readOnlySteps(readOnly, facts),
    ]);
    if (audited !== 3) throw new Error(`got ${audited} audit events, expected 3, one for each vend`);
    if (wrong > 0) throw new ConfigurationError(`${wrong} outcomes were wrong`);
    console.log('\nevery outcome as it must be: what is acme’s is open to acme, and nothing else is');
  } finally {
    await latchkey.close();
  }
}

async function getToken({ tenants }: LocalFacts, tenantId: string): Promise<string> {
  const tenant = tenants.find((each) => each.tenantId === tenantId);
  if (tenant === undefined) throw new Error(`got no tenant ${tenantId} from GET /local`);
  const { tokenEndpoint, clientId, clientSecret, scope, resource } = tenant;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
    resource,
  };
  const response = await fetch(tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined)
    throw new Error(`got status ${response.status} from the token endpoint, expected a token`);
  return token;
}

async function vend({ api }: LocalFacts, token: string, body: object): Promise<VendAnswer> {
  const response = await fetch(`${api}/credentials`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 200)
    throw new Error(`got ${response.status} from POST /credentials: ${await response.text()}`);
  const answer = (await response.json()) as VendAnswer;
  console.log(
    `POST /credentials ${JSON.stringify(body)}: ${answer.assumedRoleUser.arn} until ${answer.credentials.expiration}`,
  );
  return answer;
}

async function runSteps(steps: readonly Step[]): Promise<number> {
  let wrong = 0;
  for (const { title, expected, run } of steps) {
    const outcome = await run().then(
      () => 'allowed',
      (error: Error) => (DENIALS.has(error.name) ? 'denied' : `${error.name}: ${error.message}`),
    );
    if (outcome !== expected) wrong += 1;
    console.log(`${outcome === expected ? 'ok   ' : 'WRONG'} ${title}: ${outcome}`);
  }
  return wrong;
}

/** What a tenant's app does all day, with one vend's credentials on the data of a tenant. */
function dataSteps(
  who: string,
  expected: Step['expected'],
  answer: VendAnswer,
  facts: LocalFacts,
  tenantId: string,
): Step[] {
  const { s3, documents, Bucket, TableName } = clients(answer, facts);
  const Key = `${tenantId}/demo.txt`;
  const step = (title: string, run: Step['run']): Step => ({ title: `${who}: ${title}`, expected, run });
  return [
    step('s3 put', () => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }))),
    step('s3 get', () => s3.send(new GetObjectCommand({ Bucket, Key: `${tenantId}/welcome.txt` }))),
    step('s3 list', () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${tenantId}/` }))),
    step('s3 delete', () => s3.send(new DeleteObjectCommand({ Bucket, Key }))),
    step('dynamodb put', () =>
      documents.send(new PutCommand({ TableName, Item: { pk: tenantId, sk: 'demo' } })),
    ),
    step('dynamodb get', () =>
      documents.send(new GetCommand({ TableName, Key: { pk: tenantId, sk: 'welcome' } })),
    ),
    step('dynamodb query', () =>
      documents.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :tenant',
          ExpressionAttributeValues: { ':tenant': tenantId },
        }),
      ),
    ),
  ];
}

/** What would open every tenant's data at once. */
function wholeSteps(answer: VendAnswer, facts: LocalFacts): Step[] {
  const { s3, documents, Bucket, TableName } = clients(answer, facts);
  const denied = (title: string, run: Step['run']): Step => ({
    title: `acme, profile app: ${title}`,
    expected: 'denied',
    run,
  });
  return [
    denied('s3 list of the whole bucket', () => s3.send(new ListObjectsV2Command({ Bucket }))),
    denied('s3 list of "acme" without the slash', () =>
      s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'acme' })),
    ),
    denied('dynamodb scan', () => documents.send(new ScanCommand({ TableName }))),
  ];
}

function folderSteps(answer: VendAnswer, facts: LocalFacts): Step[] {
  const { s3, Bucket } = clients(answer, facts);
  const put = (Key: string) => () => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
  return [
    { title: 'acme, folder reports/: s3 put in it', expected: 'allowed', run: put('acme/reports/demo.txt') },
    { title: 'acme, folder reports/: s3 put beside it', expected: 'denied', run: put('acme/demo.txt') },
  ];
}

function readOnlySteps(answer: VendAnswer, facts: LocalFacts): Step[] {
  const { s3, Bucket } = clients(answer, facts);
  const Key = 'acme/welcome.txt';
  return [
    {
      title: 'acme, profile read-only: s3 get',
      expected: 'allowed',
      run: () => s3.send(new GetObjectCommand({ Bucket, Key })),
    },
    {
      title: 'acme, profile read-only: s3 put',
      expected: 'denied',
      run: () => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' })),
    },
  ];
}

function clients({ credentials }: VendAnswer, { region, s3, dynamodb, bucket, table }: LocalFacts) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const common = { region, credentials: { accessKeyId, secretAccessKey, sessionToken } };
  return {
    s3: new S3Client({ ...common, endpoint: s3 }),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient({ ...common, endpoint: dynamodb })),
    Bucket: bucket,
    TableName: table,
  };
}

await main().catch(exitWith);
