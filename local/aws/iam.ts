import { randomUUID } from 'node:crypto';
import { type Authorize, createAuthorize } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import { noSuchEntity, ROLE_POLICY_OPERATIONS } from './iam/role-policies.ts';
import { createQueryAnswers } from './query/answer.ts';
import { createConstraints } from './query/constraints.ts';
import { type Parameters, readQueryCall, unknownOperation } from './query/query-call.ts';
import type { LocalRole, Roles } from './roles.ts';
import type { Session, Sessions } from './session.ts';
import { authenticate } from './sigv4.ts';
import { readWireRequest } from './wire-request.ts';

/** What the local IAM is made with. */
export interface IamOptions {
  /** Whose roles can be changed; those of other accounts are not there. */
  readonly account: string;
  /** That requests are signed for: of a client with an endpoint of its own, the client's. */
  readonly region: string;
  readonly roles: Roles;
  readonly sessions: Sessions;
  readonly clock: () => Date;
  /** Told of every refusal in one line, with the reason. */
  readonly log: (message: string) => void;
}

const VERSION = '2010-05-08';
const answers = createQueryAnswers(`https://iam.amazonaws.com/doc/${VERSION}/`);

const NAME = { min: 1, pattern: /[\w+=,.@-]+/ };
const ROLE_NAME = { ...NAME, max: 64 };
const POLICY_NAME = { ...NAME, max: 128 };
const DOCUMENT = { min: 1, max: 131_072 };

/**
 * An IAM for the inline policies of roles, in the Query protocol of version 2010-05-08. What it changes counts at once; AWS
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
  { account, roles }: IamOptions,
): object | undefined {
  const operation = ROLE_POLICY_OPERATIONS.get(action);
  if (operation === undefined) throw unknownOperation(action, VERSION);
  const { roleName, ...input } = readInput(action, parameters);
  const role = findRole(roles, account, roleName);
  // Before whether it is there: who may not ask learns nothing.
  authorize(session, `iam:${action}`, role?.arn ?? `arn:aws:iam::${account}:role/${roleName}`, {
    values: {},
    absent: ['iam:PermissionsBoundary'],
  });
  if (role === undefined) throw noSuchEntity(`The role with name ${roleName} cannot be found.`);
  return operation({ role, ...input });
}

function readInput(action: string, parameters: Parameters) {
  const constraints = createConstraints();
  const take = (name: string) => parameters.take(name);
  const input = {
    roleName: constraints.required('roleName', take('RoleName'), ROLE_NAME),
    policyName:
      action === 'ListRolePolicies'
        ? ''
        : constraints.required('policyName', take('PolicyName'), POLICY_NAME),
    policyDocument:
      action === 'PutRolePolicy'
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

/** Role names are unique in an account, whatever the path in front of them. */
function findRole(roles: Roles, account: string, name: string): LocalRole | undefined {
  return [...roles.values()].find((role) => role.account === account && role.name === name);
}
