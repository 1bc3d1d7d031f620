import { AwsError } from '../aws-error.ts';

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

const VERSION = '2011-06-15';

/**
 * Reads a form-encoded body (https://docs.aws.amazon.com/STS/latest/APIReference/CommonParameters.html). Throws an AwsError
 * for another version of the API and for a parameter given twice.
 */
export function parseQuery(body: Uint8Array): QueryCall {
  const pairs = [...new URLSearchParams(new TextDecoder().decode(body))];
  const values = new Map(pairs);
  if (values.size < pairs.length) {
    throw new AwsError('InvalidQueryParameter', 400, 'The query string holds a parameter more than once');
  }
  const parameters = createParameters(values);
  const action = parameters.take('Action');
  const version = parameters.take('Version');
  if (action === undefined) throw new AwsError('MissingAction', 400, 'The request is missing an action');
  if (version !== VERSION) throw unknownOperation(action, version);
  return { action, parameters };
}

/** What AWS answers to an operation that it does not have. */
export function unknownOperation(action: string, version: string = VERSION): AwsError {
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
