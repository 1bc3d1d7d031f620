import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, Surroundings } from '../client.ts';
import type { Errand, ItemOperation, ObjectOperation, Operation, Outcome } from '../errand.ts';
import { runProcess } from '../run-process.ts';
import { FILES, ITEMS, OBJECTS, STREAMS } from './operations.ts';
import { installPython } from './python.ts';

/** One call of the CLI. */
interface Call {
  readonly args: readonly string[];
  /** What it was worth, from what it printed and what is then in the folder; null by default. */
  readonly read?: (stdout: string, folder: string) => unknown;
}

/** Holds the text of an operation that writes, as stdin does. */
const UPLOAD = 'upload.txt';
const DOWNLOAD = 'download.txt';
/** Holds what was fetched of a whole prefix. */
const DOWNLOADS = 'downloads';
const TIMEOUT_SECONDS = 30;

/** The AWS CLI, version 1. Every operation is a command of its own. */
export const awsCli: Client = {
  id: 'aws-cli',
  name: 'AWS CLI v1',
  isDemanded: true,
  operations: new Set([...OBJECTS, ...FILES, ...STREAMS, ...ITEMS]),
  fetchesFor: 'process',
  nearEnd: { leftSeconds: 200, waitSeconds: 0 },
  tells: () => 'message',
  async install() {
    const aws = join(await installPython(), 'aws');
    const { stdout } = await runProcess(aws, ['--version'], { env: {}, timeoutSeconds: TIMEOUT_SECONDS });
    const [, version, botocore] = /^aws-cli\/(\S+) .*botocore\/(\S+)/.exec(stdout) ?? [];
    return {
      version: `${version} (botocore ${botocore})`,
      async run(errand, surroundings) {
        const outcomes: Outcome[] = [];
        for (const operation of errand.operations) {
          outcomes.push(await attempt(aws, operation, errand, surroundings));
        }
        return { outcomes, processes: outcomes.length };
      },
    };
  },
};

async function attempt(
  aws: string,
  operation: Operation,
  errand: Errand,
  { environment, folder }: Surroundings,
): Promise<Outcome> {
  const text = 'text' in operation ? operation.text : '';
  await writeFile(join(folder, UPLOAD), text);
  const { args, read = () => null } = callFor(operation, errand);
  const options = { env: environment, cwd: folder, input: text, timeoutSeconds: TIMEOUT_SECONDS };
  const finished = await runProcess(aws, args, options);
  if (finished.status !== 0) {
    return { error: finished.stderr.trim() || `the command ended with ${finished.status ?? 'a signal'}` };
  }
  return { value: await read(finished.stdout, folder) };
}

function callFor(operation: Operation, { bucket, table }: Errand): Call {
  if ('key' in operation || 'prefix' in operation) return callS3(operation, bucket);
  if ('seconds' in operation) throw new Error('the AWS CLI is never sent to wait');
  return callDynamoDb(operation, ['--table-name', table]);
}

function callS3(operation: ObjectOperation, bucket: string): Call {
  if (operation.operation === 'listObjects') {
    const where = ['--bucket', bucket, '--prefix', operation.prefix];
    return { args: ['s3api', 'list-objects-v2', ...where], read: readKeys };
  }
  if (operation.operation === 'getEach') {
    const uri = `s3://${bucket}/${operation.prefix}`;
    return { args: ['s3', 'cp', '--recursive', uri, DOWNLOADS], read: countDownloads };
  }
  const { key } = operation;
  const where = ['--bucket', bucket, '--key', key];
  const uri = `s3://${bucket}/${key}`;
  switch (operation.operation) {
    case 'putObject':
      return { args: ['s3api', 'put-object', ...where, '--body', UPLOAD] };
    case 'getObject':
      return { args: ['s3api', 'get-object', ...where, DOWNLOAD], read: readDownload };
    case 'uploadFile':
      return { args: ['s3', 'cp', UPLOAD, uri] };
    case 'uploadStream':
      return { args: ['s3', 'cp', '-', uri] };
    case 'downloadFile':
      return { args: ['s3', 'cp', uri, DOWNLOAD], read: readDownload };
  }
}

function callDynamoDb(operation: ItemOperation, where: readonly string[]): Call {
  switch (operation.operation) {
    case 'putItem': {
      const { pk, sk, text } = operation;
      return { args: ['dynamodb', 'put-item', ...where, '--item', attributes({ pk, sk, text })] };
    }
    case 'getItem': {
      const { pk, sk } = operation;
      return { args: ['dynamodb', 'get-item', ...where, '--key', attributes({ pk, sk })], read: readText };
    }
    case 'query': {
      const values = attributes({ ':pk': operation.pk });
      const condition = ['--key-condition-expression', 'pk = :pk', '--expression-attribute-values', values];
      return { args: ['dynamodb', 'query', ...where, ...condition], read: readSortKeys };
    }
    case 'scan':
      return { args: ['dynamodb', 'scan', ...where], read: readSortKeys };
  }
}

function readDownload(_: string, folder: string): Promise<string> {
  return readFile(join(folder, DOWNLOAD), 'utf8');
}

async function countDownloads(_: string, folder: string): Promise<number> {
  return (await readdir(join(folder, DOWNLOADS))).length;
}

type Item = Readonly<Record<string, { readonly S: string }>>;

function attributes(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).map(([name, S]) => [name, { S }])));
}

function readKeys(stdout: string): readonly string[] {
  const { Contents } = JSON.parse(stdout) as { Contents: { Key: string }[] };
  return Contents.map(({ Key }) => Key);
}

function readText(stdout: string): string | undefined {
  const { Item } = JSON.parse(stdout) as { Item: Item };
  return Item['text']?.S;
}

function readSortKeys(stdout: string): readonly unknown[] {
  const { Items } = JSON.parse(stdout) as { Items: Item[] };
  return Items.map(({ sk }) => sk?.S);
}
