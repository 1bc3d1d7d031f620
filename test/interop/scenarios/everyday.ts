import { fetchToken } from '../../../local/fetch-token.ts';
import type { Client } from '../client.ts';
import type { Operation } from '../errand.ts';
import type { Scenario } from '../scenario.ts';
import { checkSteps, type Step } from '../step.ts';
import { countVends } from '../vends.ts';

/** AWS's names for the same refusal, in S3 and in DynamoDB. */
const ACCESS_DENIED = /\bAccessDenied(?:Exception)?\b/;
/** More than one read or write of any client, less than what clients send in parts. */
const LONG_TEXT = 'What is acme’s is open to acme, and nothing else is.\n'.repeat(20_000);

/** `needs` what an earlier step did. */
const STEPS: readonly (Step & { readonly needs?: Operation['operation'] })[] = [
  {
    shows: 'fetched',
    title: 'the token from a variable',
    operation: { operation: 'getObject', key: 'acme/welcome.txt' },
    expected: { value: 'Welcome, Acme Ltd.' },
  },
  used('put an object', { operation: 'putObject', key: 'acme/put.txt', text: 'hello' }),
  used('get that object', { operation: 'getObject', key: 'acme/put.txt' }, 'hello'),
  used('list the prefix', { operation: 'listObjects', prefix: 'acme/' }, [
    'acme/put.txt',
    'acme/welcome.txt',
  ]),
  used('upload a file', { operation: 'uploadFile', key: 'acme/file.txt', text: LONG_TEXT }),
  used('download that file', { operation: 'downloadFile', key: 'acme/file.txt' }, LONG_TEXT),
  used('upload a stream', { operation: 'uploadStream', key: 'acme/stream.txt', text: LONG_TEXT }),
  {
    ...used('get what was streamed', { operation: 'downloadFile', key: 'acme/stream.txt' }, LONG_TEXT),
    needs: 'uploadStream',
  },
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

/** Acme's app on acme's data and on globex's, with a token of the local OpenID provider. */
export function everyday({ operations, fetchesFor }: Client): Scenario {
  const steps = STEPS.filter(
    ({ operation, needs = operation.operation }) =>
      operations.has(operation.operation) && operations.has(needs),
  );
  const services = operations.has('getItem') ? 2 : 1;
  return {
    prepare: async ({ facts }) => ({
      AWS_CONTAINER_AUTHORIZATION_TOKEN: `Bearer ${await fetchToken(facts, 'acme')}`,
    }),
    operations: steps.map(({ operation }) => operation),
    judge: ({ outcomes, processes }, vends) => [
      ...checkSteps(steps, outcomes),
      countVends('fetched', vends, processes * (fetchesFor === 'service' ? services : 1)),
    ],
  };
}

function used(title: string, operation: Operation, value: unknown = null): Step {
  return { title, shows: 'used', operation, expected: { value } };
}

function refused(title: string, operation: Operation): Step {
  return { title, shows: 'refused', operation, expected: { error: ACCESS_DENIED } };
}
