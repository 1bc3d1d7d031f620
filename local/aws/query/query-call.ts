import { AwsError } from '../aws-error.ts';
import { parseTarget, type WireRequest } from '../wire-request.ts';

/** A call in the AWS Query protocol: its parameters, each given once. */
export interface QueryCall {
  readonly action: string;
  readonly parameters: Parameters;
}

/** Parameters that are taken by name, so that what nobody took can be refused. */
export interface Parameters {
  readonly take: (name: string) => string | undefined;
  /** The members of a list of scalars (under the name '') or structures, in order; undefined when the list is not there. */
  readonly takeList: (name: string) => readonly ReadonlyMap<string, string>[] | undefined;
  readonly untaken: () => readonly string[];
}

/**
 * Reads a request whose body is form-encoded (https://docs.aws.amazon.com/STS/latest/APIReference/CommonParameters.html).
 * Throws an AwsError for another version of the API and for a parameter given twice.
 */
export function readQueryCall(wire: WireRequest, apiVersion: string): QueryCall {
  checkForm(wire);
  return parseQuery(wire.body, apiVersion);
}

function checkForm({ method, url, headers }: WireRequest): void {
  const isForm = headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (method === 'POST' && parseTarget(url).path === '/' && isForm) return;
  throw new AwsError('NotImplemented', 501, 'this local door takes form-encoded POST requests to / only');
}

function parseQuery(body: Uint8Array, apiVersion: string): QueryCall {
  const pairs = [...new URLSearchParams(new TextDecoder().decode(body))];
  const values = new Map(pairs);
  if (values.size < pairs.length) {
    throw new AwsError('InvalidQueryParameter', 400, 'The query string holds a parameter more than once');
  }
  const parameters = createParameters(values);
  const action = parameters.take('Action');
  const version = parameters.take('Version');
  if (action === undefined) throw new AwsError('MissingAction', 400, 'The request is missing an action');
  if (version !== apiVersion) throw unknownOperation(action, version);
  return { action, parameters };
}

/** What AWS answers to an operation that it does not have. */
export function unknownOperation(action: string, version: string | undefined): AwsError {
  return new AwsError('InvalidAction', 400, `Could not find operation ${action} for version ${version}`);
}

function createParameters(values: ReadonlyMap<string, string>): Parameters {
  const untaken = new Set(values.keys());
  const take = (name: string) => {
    untaken.delete(name);
    return values.get(name);
  };
  return {
    take,
    takeList(name) {
      const members: Map<string, string>[] = [];
      for (let index = 1; ; index += 1) {
        const path = `${name}.member.${index}`;
        const own = [...values.keys()].filter((key) => key === path || key.startsWith(`${path}.`));
        if (own.length === 0) break;
        members.push(new Map(own.map((key) => [key.slice(path.length + 1), take(key) ?? ''])));
      }
      // An empty list is sent as its bare name.
      return members.length > 0 ? members : take(name) === '' ? [] : undefined;
    },
    untaken: () => [...untaken],
  };
}
