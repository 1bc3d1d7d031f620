import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A machine on which an app of acme runs: a home, a token file, and AWS configuration that is not the tenant's. */
export interface TenantMachine {
  readonly latchkey: TestLatchkey;
  readonly home: string;
  readonly tokenFile: string;
  readonly env: Environment;
  /** Starts `latchkey` as its users do. */
  start(argv: readonly string[], env?: Environment): ChildProcessWithoutNullStreams;
  /** Runs it to its end. */
  run(argv: readonly string[], options?: { env?: Environment; stdin?: string }): Promise<Finished>;
  close(): Promise<void>;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A default profile, as a developer has one: nobody may act as it by mistake. */
const FOREIGN = 'aws_access_key_id = AKIAFOREIGN000000000\naws_secret_access_key = foreign\n';

export async function startTenantMachine(): Promise<TenantMachine> {
  const latchkey = await startTestLatchkey();
  const home = await mkdtemp(join(tmpdir(), 'latchkey-machine-'));
  const tokenFile = join(home, 'token');
  await writeFile(tokenFile, await latchkey.issuer.sign({ claims: { tenant: 'acme' } }));
  await mkdir(join(home, '.aws'));
  await writeFile(join(home, '.aws', 'credentials'), `[default]\n${FOREIGN}`);
  await writeFile(
    join(home, '.aws', 'config'),
    '[default]\nregion = us-east-1\n[profile other]\nregion = eu-west-3\n',
  );
  const { facts } = latchkey;
  const env: Environment = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    HOME: home,
    LATCHKEY_API_URL: facts.api,
    LATCHKEY_TOKEN_FILE: tokenFile,
    AWS_ENDPOINT_URL_S3: facts.s3,
    BUCKET: facts.bucket,
  };
  const start: TenantMachine['start'] = (argv, more = {}) =>
    spawn(process.execPath, [resolve('cli/main.ts'), ...argv], { env: { ...env, ...more } });
  return {
    latchkey,
    home,
    tokenFile,
    env,
    start,
    run: (argv, options = {}) => {
      const child = start(argv, options.env);
      child.stdin.on('error', () => {}).end(options.stdin ?? '');
      return finished(child);
    },
    close: async () => {
      await rm(home, { recursive: true });
      await latchkey.close();
    },
  };
}

/** What a process has said when it ends. */
export async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', end);
  const [stdout, stderr, code] = await Promise.all([
    Array.fromAsync<Buffer>(child.stdout),
    Array.fromAsync<Buffer>(child.stderr),
    ended,
  ]);
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** A program over the real AWS SDK, with its defaults: prints what becomes of an object of acme, and of one of globex. */
export const SDK_PROGRAM = `
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
const s3 = new S3Client({ forcePathStyle: true });
const Bucket = process.env.BUCKET;
for (const Key of ['acme/hello.txt', 'globex/hello.txt'])
  console.log(Key, await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }))
    .then(() => s3.send(new GetObjectCommand({ Bucket, Key })))
    .then(({ Body }) => Body.transformToString(), ({ name, message }) => name));
`;

/** What it prints when it acts as acme. */
export const AS_ACME = 'acme/hello.txt hello\nglobex/hello.txt AccessDenied\n';
