import type { Operation } from './errand.ts';

/** One thing that a client is to show. */
export interface Step {
  readonly title: string;
  /** What it shows: that credentials were fetched, that they open what is acme's, that nothing else opens. */
  readonly shows: 'fetched' | 'used' | 'refused';
  readonly operation: Operation;
  /** What the operation must be worth, or the refusal that it must meet. */
  readonly expected: { readonly value: unknown } | { readonly error: RegExp };
  /** Whether the report quotes what the client said: for what a tenant's developers will have to understand. */
  readonly isQuoted?: boolean;
}

/** Steps that a client is sent to do together, with one way to get credentials. */
export interface Scenario {
  /** What the client is told beside the addresses. */
  readonly variables: (token: string, tokenFile: string) => Readonly<Record<string, string>>;
  /** How often a process of a client may be vended credentials, whatever it does with them. */
  readonly vendsPerProcess: 0 | 1;
  /** In order: the later read what the earlier wrote. */
  readonly steps: readonly Step[];
}

/** AWS's names for the same refusal, in S3 and in DynamoDB. */
const ACCESS_DENIED = /^AccessDenied(?:Exception)?: /;

const WELCOME: Operation = { operation: 'getObject', key: 'acme/welcome.txt' };
/** More than one read or write of any client, less than what clients send in parts. */
const LONG_TEXT = 'What is acme’s is open to acme, and nothing else is.\n'.repeat(20_000);

const OWN_AND_FOREIGN: readonly Step[] = [
  fetched('the token from a variable'),
  used('put an object', { operation: 'putObject', key: 'acme/put.txt', text: 'hello' }),
  used('get that object', { operation: 'getObject', key: 'acme/put.txt' }, 'hello'),
  used('upload a file', { operation: 'uploadFile', key: 'acme/file.txt', text: LONG_TEXT }),
  used('download that file', { operation: 'downloadFile', key: 'acme/file.txt' }, LONG_TEXT),
  used('upload a stream', { operation: 'uploadStream', key: 'acme/stream.txt', text: LONG_TEXT }),
  used('download what was streamed', { operation: 'downloadFile', key: 'acme/stream.txt' }, LONG_TEXT),
  used('list the prefix', { operation: 'listObjects', prefix: 'acme/' }, [
    'acme/file.txt',
    'acme/put.txt',
    'acme/stream.txt',
    'acme/welcome.txt',
  ]),
  used('put an item', { operation: 'putItem', pk: 'acme', sk: 'put', text: 'hello' }),
  used('get that item', { operation: 'getItem', pk: 'acme', sk: 'put' }, 'hello'),
  used('query the items', { operation: 'query', pk: 'acme' }, ['put', 'welcome']),
  refused('get globex’s object', { operation: 'getObject', key: 'globex/welcome.txt' }),
  refused('put an object of globex', { operation: 'putObject', key: 'globex/put.txt', text: 'hello' }),
  refused('list globex’s prefix', { operation: 'listObjects', prefix: 'globex/' }),
  refused('list the whole bucket', { operation: 'listObjects', prefix: '' }),
  refused('get globex’s item', { operation: 'getItem', pk: 'globex', sk: 'welcome' }),
  refused('put an item of globex', { operation: 'putItem', pk: 'globex', sk: 'put', text: 'hello' }),
  refused('query globex’s items', { operation: 'query', pk: 'globex' }),
  refused('scan the table', { operation: 'scan' }),
];

/** What every client must show. */
export const SCENARIOS: readonly Scenario[] = [
  {
    variables: (token) => ({ AWS_CONTAINER_AUTHORIZATION_TOKEN: `Bearer ${token}` }),
    vendsPerProcess: 1,
    steps: OWN_AND_FOREIGN,
  },
  {
    variables: (_, tokenFile) => ({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile }),
    vendsPerProcess: 1,
    steps: [fetched('the token from a file')],
  },
  {
    variables: (token) => ({ AWS_CONTAINER_AUTHORIZATION_TOKEN: `Bearer ${tamperedWith(token)}` }),
    vendsPerProcess: 0,
    steps: [
      {
        title: 'a token that was tampered with',
        shows: 'refused',
        operation: WELCOME,
        expected: { error: /\b401\b.*"code":"token_/s },
        isQuoted: true,
      },
    ],
  },
];

/** With the first character of its signature changed: the last may hold bits that do not count. */
function tamperedWith(token: string): string {
  const signature = token.lastIndexOf('.') + 1;
  const other = token[signature] === 'A' ? 'B' : 'A';
  return token.slice(0, signature) + other + token.slice(signature + 1);
}

function fetched(title: string): Step {
  return { title, shows: 'fetched', operation: WELCOME, expected: { value: 'Welcome, Acme Ltd.' } };
}

function used(title: string, operation: Operation, value: unknown = null): Step {
  return { title, shows: 'used', operation, expected: { value } };
}

function refused(title: string, operation: Operation): Step {
  return { title, shows: 'refused', operation, expected: { error: ACCESS_DENIED } };
}
