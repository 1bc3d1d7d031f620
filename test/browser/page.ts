import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  fromLatchkey,
  LatchkeyError,
  type LatchkeyOptions,
  LatchkeySession,
} from '../../client/src/index.ts';

/** What the page is told. */
export interface PageSettings {
  readonly endpoint: string;
  readonly s3: string;
  readonly region: string;
  readonly bucket: string;
  readonly token: string;
}

/** What came of it, by name: a value, or the code of a `LatchkeyError`, or the name of another error. */
export type PageOutcomes = Readonly<Record<string, string>>;

declare global {
  /** What the test calls in the page. */
  var tryClient: (settings: PageSettings) => Promise<PageOutcomes>;
}

globalThis.tryClient = async ({ endpoint, s3, region, bucket: Bucket, token }) => {
  const session = new LatchkeySession({ endpoint, token: async () => token });
  const client = session.client(S3Client, { endpoint: s3, region, forcePathStyle: true });
  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'from a browser' }));
  const get = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return Body?.transformToString();
  };
  const vend = async (options: Partial<LatchkeyOptions>) =>
    (await fromLatchkey({ endpoint, token, ...options })()).tenantId;
  const mfa = { serialNumber: 'arn:x', code: { command: ['ykman'] } } as const;
  return {
    fetched: await outcomeOf(async () => (await session.credentials()).tenantId),
    lasts: await outcomeOf(async () => !session.isExpired(600)),
    whoami: await outcomeOf(async () => (await session.whoami()).displayName),
    wrote: await outcomeOf(async () => (await put('acme/browser.txt')).$metadata.httpStatusCode),
    read: await outcomeOf(() => get('acme/browser.txt')),
    foreign: await outcomeOf(() => get('globex/welcome.txt')),
    foreignWrite: await outcomeOf(() => put('globex/browser.txt')),
    badToken: await outcomeOf(() => vend({ token: `${token.slice(0, -8)}AAAAAAAA` })),
    tokenFile: await outcomeOf(() => vend({ token: { file: '/run/secrets/latchkey' } })),
    cache: await outcomeOf(() => vend({ cache: true })),
    cacheDirectory: await outcomeOf(() => vend({ cache: { directory: '/tmp' } })),
    mfaProgram: await outcomeOf(() => vend({ mfa })),
  };
};

async function outcomeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    return String(await work());
  } catch (error) {
    return error instanceof LatchkeyError ? error.code : (error as Error).name;
  }
}
