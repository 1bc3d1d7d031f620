import { randomUUID } from 'node:crypto';
import { type Authorize, createAuthorize } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import {
  type HolderKind,
  INLINE_POLICY_OPERATIONS,
  type InlinePolicyOperation,
  noSuchEntity,
  type PolicyHolder,
} from './iam/inline-policies.ts';
import { createQueryAnswers } from './query/answer.ts';
import { createConstraints } from './query/constraints.ts';
import { type Parameters, readQueryCall, unknownOperation } from './query/query-call.ts';
import type { Roles } from './roles.ts';
import type { Session, Sessions } from './session.ts';
import { authenticate } from './sigv4.ts';
import type { Users } from './users.ts';
import { readWireRequest } from './wire-request.ts';

/** What the local IAM is made with. */
export interface IamOptions {
  /** Whose roles and users can be changed; those of other accounts are not there. */
  readonly account: string;
  /** That requests are signed for: of a client with an endpoint of its own, the client's. */
  readonly region: string;
  readonly roles: Roles;
  /** Left out, there are none. */
  readonly users?: Users | undefined;
  readonly sessions: Sessions;
  readonly clock: () => Date;
  /** Told of every refusal in one line, with the reason. */
  readonly log: (message: string) => void;
}

const VERSION = '2010-05-08';
const answers = createQueryAnswers(`https://iam.amazonaws.com/doc/${VERSION}/`);

const NAME = { min: 1, pattern: /[\w+=,.@-]+/ };
const HOLDER_NAME = { ...NAME, max: 64 };
const POLICY_NAME = { ...NAME, max: 128 };
const DOCUMENT = { min: 1, max: 131_072 };

/**
 * An IAM for the inline policies of roles and users, in the Query protocol of version 2010-05-08. What it changes counts at once; AWS
 * takes seconds, sometimes minutes.
 */
export function createIamDoor(options: IamOptions): Door {
  const authorize = createAuthorize({ ...options, denial: { code: 'AccessDenied', status: 403 } });
  return async (request, bindings) => {
    const requestId = randomUUID();
    let action = '';
    try {
      const wire = await readWireRequest(request, bindings);
      const session = authenticate(wire, { ...options, service: 'iam' });
      const call = readQueryCall(wire, VERSION);
      action = call.action;
      return answers.result(action, run(call, session, authorize, options), requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      options.log(describeRefusal(`IAM ${action}`, error));
      return answers.refusal(error, requestId);
    }
  };
}

interface Call {
  readonly action: string;
  readonly parameters: Parameters;
}

function run(
  { action, parameters }: Call,
  session: Session,
  authorize: Authorize,
  options: IamOptions,
): object | undefined {
  const operation = INLINE_POLICY_OPERATIONS.get(action);
  if (operation === undefined) throw unknownOperation(action, VERSION);
  const { holderName, ...input } = readInput(action, operation, parameters);
  const { type, word } = operation.kind;
  const holder = findHolder(type, holderName, options);
  // Before whether it is there: who may not ask learns nothing.
  authorize(
    session,
    `iam:${action}`,
    holder?.arn ?? `arn:aws:iam::${options.account}:${word}/${holderName}`,
    {
      values: {},
      absent: ['iam:PermissionsBoundary'],
    },
  );
  if (holder === undefined) throw noSuchEntity(`The ${word} with name ${holderName} cannot be found.`);
  return operation.run({ holder, ...input });
}

function readInput(action: string, { kind, takes }: InlinePolicyOperation, parameters: Parameters) {
  const constraints = createConstraints();
  const take = (name: string) => parameters.take(name);
  const input = {
    holderName: constraints.required(`${kind.word}Name`, take(`${kind.type}Name`), HOLDER_NAME),
    policyName: takes.includes('PolicyName')
      ? constraints.required('policyName', take('PolicyName'), POLICY_NAME)
      : '',
    policyDocument: takes.includes('PolicyDocument')
      ? constraints.required('policyDocument', take('PolicyDocument'), DOCUMENT)
      : '',
  };
  const [unknown] = parameters.untaken();
  if (unknown !== undefined)
    throw new AwsError(
      'NotImplemented',
      501,
      `the local IAM does not take the parameter ${unknown} of ${action}`,
    );
  constraints.settle();
  return input;
}

/** Names of roles and of users are unique in an account, whatever the path in front of them. */
function findHolder(
  type: HolderKind['type'],
  name: string,
  { account, roles, users = new Map() }: IamOptions,
): PolicyHolder | undefined {
  const holders: Iterable<Omit<PolicyHolder, 'name'>> = (type === 'Role' ? roles : users).values();
  const holder = [...holders].find(
    ({ arn }) => arn.split(':')[4] === account && arn.split('/').at(-1) === name,
  );
  return holder && { arn: holder.arn, policies: holder.policies, name };
}
