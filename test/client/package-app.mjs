// What a tenant's program does with the published package, in whatever runs JavaScript: prints what came of it as JSON.
import { stat } from 'node:fs/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromLatchkey, LatchkeyError, LatchkeySession } from '@latchkey/client';

const { ENDPOINT: endpoint, TOKEN_FILE: file, S3: s3, BUCKET: Bucket, DIRECTORY: directory } = process.env;
const token = { file };
const config = { endpoint: s3, region: 'us-east-1' };

const session = new LatchkeySession({ endpoint, token, cache: { directory } });
const client = session.client(S3Client, config);
const read = (Key) =>
  client.send(new GetObjectCommand({ Bucket, Key })).then(
    ({ Body }) => Body.transformToString(),
    ({ name }) => name,
  );
const codeOf = (error) => (error instanceof LatchkeyError ? error.code : String(error));
const provider = fromLatchkey({ endpoint, token, cache: { directory } });
const mfa = { serialNumber: 'arn:x', code: { command: ['node', '-e', 'process.exit(3)'] } };

console.log(
  JSON.stringify({
    own: await read('acme/welcome.txt'),
    foreign: await read('globex/welcome.txt'),
    shared: (await provider()).vendId === (await session.credentials()).vendId,
    directoryMode: ((await stat(directory)).mode & 0o777).toString(8),
    tenantId: (await session.whoami()).tenantId,
    badToken: await fromLatchkey({ endpoint, token: 'not.a.token' })().catch(codeOf),
    noFile: await fromLatchkey({ endpoint, token: { file: '/nowhere' } })().catch(codeOf),
    mfaProgram: await fromLatchkey({ endpoint, token, mfa })().catch(codeOf),
  }),
);
client.destroy();
