/** A tenant's app on the AWS SDK for JavaScript v3, which knows nothing of Latchkey: the errand of errand.ts, as program.ts asks for it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { inspect } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sdk from '@aws-sdk/client-s3/package.json' with { type: 'json' };
import { fromHttp } from '@aws-sdk/credential-provider-http';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Errand, Operation, Outcome } from '../../errand.ts';

/** Operations by their names. */
function createApp({ bucket: Bucket, table: TableName, provider }: Errand) {
  // Usually nothing is said of credentials: the SDK finds AWS_CONTAINER_CREDENTIALS_FULL_URI by itself, once for each client.
  const s3 = new S3Client(provider === 'named' ? { credentials: fromHttp() } : {});
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient());

  const app = {
    async putObject(Key: string, Body: string) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    async getObject(Key: string) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToString();
    },
    async uploadFile(Key: string, text: string) {
      await writeFile('upload.txt', text);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: createReadStream('upload.txt') }));
    },
    async downloadFile(Key: string) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      await pipeline(Body as Readable, createWriteStream('download.txt'));
      return await readFile('download.txt', 'utf8');
    },
    async listObjects(Prefix: string) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
      return Contents.map(({ Key = '' }) => Key);
    },
    async getEach(prefix: string) {
      const keys = await app.listObjects(prefix);
      for (const key of keys) await app.getObject(key);
      return keys.length;
    },
    async putItem(pk: string, sk: string, text: string) {
      await documents.send(new PutCommand({ TableName, Item: { pk, sk, text } }));
    },
    async getItem(pk: string, sk: string) {
      const { Item } = await documents.send(new GetCommand({ TableName, Key: { pk, sk } }));
      return Item?.['text'];
    },
    async query(pk: string) {
      const condition = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      };
      const { Items = [] } = await documents.send(new QueryCommand({ TableName, ...condition }));
      return Items.map(({ sk }) => sk);
    },
    async scan() {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName }));
      return Items.map(({ sk }) => sk);
    },
  };
  return app;
}

type App = ReturnType<typeof createApp>;

async function run(app: App, each: Operation): Promise<unknown> {
  switch (each.operation) {
    case 'putObject':
    case 'uploadFile':
      return app[each.operation](each.key, each.text);
    case 'getObject':
    case 'downloadFile':
      return app[each.operation](each.key);
    case 'listObjects':
    case 'getEach':
      return app[each.operation](each.prefix);
    case 'putItem':
      return app.putItem(each.pk, each.sk, each.text);
    case 'getItem':
      return app.getItem(each.pk, each.sk);
    case 'query':
      return app.query(each.pk);
    case 'scan':
      return app.scan();
    default:
      throw new Error(`got operation ${each.operation}, which this program does not know`);
  }
}

async function attempt(app: App, operation: Operation): Promise<Outcome> {
  try {
    return { value: (await run(app, operation)) ?? null };
  } catch (error) {
    return { error: inspect(error) };
  }
}

async function main(): Promise<void> {
  if (process.argv[2] === '--version') {
    console.log(sdk.version);
    return;
  }
  const errand = (await json(process.stdin)) as Errand;
  const app = createApp(errand);
  const outcomes: Outcome[] = [];
  for (const operation of errand.operations) outcomes.push(await attempt(app, operation));
  console.log(JSON.stringify(outcomes));
}

await main();
