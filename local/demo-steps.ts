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
import type { VendAnswer } from '../functions/api/answers.ts';
import type { LocalFacts } from './local-facts.ts';

/** One step: what it tries with vended credentials, and whether AWS must allow it. */
export interface Step {
  readonly title: string;
  readonly expected: 'allowed' | 'denied';
  readonly run: () => Promise<unknown>;
}

/** What acme was vended: by its default profile, narrowed to a folder, and by the profile that only reads. */
export interface DemoVends {
  readonly full: VendAnswer;
  readonly folder: VendAnswer;
  readonly readOnly: VendAnswer;
}

/** Everything that the demo tries. */
export function demoSteps({ full, folder, readOnly }: DemoVends, facts: LocalFacts): readonly Step[] {
  return [
    ...dataSteps('acme, profile app, on its own data', 'allowed', full, facts, 'acme'),
    ...dataSteps("acme, profile app, on globex's data", 'denied', full, facts, 'globex'),
    ...wholeSteps(full, facts),
    ...folderSteps(folder, facts),
    ...readOnlySteps(readOnly, facts),
  ];
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
