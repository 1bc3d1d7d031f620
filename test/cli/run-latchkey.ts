import { Readable } from 'node:stream';
import { runProgram } from '../../cli/program.ts';
import type { OperatorsApp } from '../../functions/tenants/request.ts';
import type { TemporarySession } from '../../local/aws/session.ts';
import { authenticate } from '../../local/aws/sigv4.ts';

export const REGION = 'eu-central-1';
/** With a stage in its path, as a deployed API has it. */
export const ENDPOINT = `https://a1b2c3d4e5.execute-api.${REGION}.amazonaws.com/prod`;

export const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLE000000000',
  secretAccessKey: 'secret/with+signs',
  sessionToken: 'token/with+signs==',
};

const SESSION: TemporarySession = {
  kind: 'assumedRole',
  credentials: { ...CREDENTIALS, expiration: new Date(8.64e15) },
  issuedAt: new Date(0),
  entityArn: 'arn:aws:iam::111122223333:role/operator',
  arn: 'arn:aws:sts::111122223333:assumed-role/operator/me',
  userId: 'AROAEXAMPLE:me',
  sourceIdentity: undefined,
  tags: {},
  transitiveTagKeys: [],
  entity: { policies: new Map(), boundary: undefined },
  sessionPolicies: undefined,
  mfaAuthenticatedAt: undefined,
  federation: undefined,
  chained: false,
};

/** A request as the API saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Behind the stage, with the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly requests: readonly SeenRequest[];
  /** In milliseconds. */
  readonly pauses: readonly number[];
}

export interface RunOptions {
  readonly argv: readonly string[];
  /** What answers. */
  readonly api: (request: Request) => Response | Promise<Response>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Whether a person sits there. */
  readonly terminal?: boolean;
  readonly credentials?: () => Promise<typeof CREDENTIALS>;
  readonly now?: () => number;
  /** What a browser would do. */
  readonly browser?: (url: string) => Promise<void>;
}

/** Runs the program in process, over an API that takes its signatures with the local AWS's own check. */
export async function runLatchkey(options: RunOptions): Promise<Ran> {
  const { argv, api, env = { LATCHKEY_ENDPOINT: ENDPOINT }, stdin = '', terminal = false } = options;
  const requests: SeenRequest[] = [];
  const pauses: number[] = [];
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) => ({
    isTTY: terminal,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await runProgram({
    argv,
    env,
    stdin: Object.assign(Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]), { isTTY: terminal }),
    stdout: output('stdout'),
    stderr: output('stderr'),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      // A redirect would carry the signature elsewhere.
      if (request.redirect !== 'manual') throw new Error(`got redirect ${request.redirect}, expected manual`);
      const body = await request.clone().text();
      const { pathname, search } = new URL(request.url);
      const target = `${pathname}${search}`.replace(/^\/prod(?=\/)/, '');
      const headers = Object.fromEntries(request.headers);
      requests.push({ method: request.method, target, headers, body });
      return api(request);
    },
    credentials: options.credentials ?? (async () => CREDENTIALS),
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    now: options.now ?? Date.now,
    openBrowser: options.browser ?? (() => Promise.reject(new Error('got a link to open, expected none'))),
    onSignal: () => () => {},
  });
  return { code, ...written, requests, pauses };
}

/** The app behind a door that checks signatures as API Gateway does. */
export function signedDoor(app: OperatorsApp): RunOptions['api'] {
  const sessions = new Map([[CREDENTIALS.accessKeyId, SESSION]]);
  const options = { service: 'execute-api', region: REGION, sessions, clock: () => new Date() } as const;
  return async (request) => {
    const { method, url } = request;
    const { pathname, search, host } = new URL(url);
    const bytes = new Uint8Array(await request.arrayBuffer());
    const headers = new Headers(request.headers);
    headers.set('host', host);
    try {
      authenticate({ method, url: `${pathname}${search}`, headers, body: bytes }, options);
    } catch (error) {
      return Response.json({ message: (error as Error).message }, { status: 403 });
    }
    const body = bytes.byteLength === 0 ? null : bytes;
    const stageless = new Request(url.replace(ENDPOINT, 'https://api.example'), { method, headers, body });
    return app.fetch(stageless, { requestContext: { identity: { userArn: SESSION.arn } } });
  };
}
