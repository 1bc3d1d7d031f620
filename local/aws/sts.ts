import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { Door } from './door.ts';
import { createQueryAnswers } from './query/answer.ts';
import { type Parameters, readQueryCall, unknownOperation } from './query/query-call.ts';
import type { Session } from './session.ts';
import { authenticate } from './sigv4.ts';
import { assumeRole, type StsOptions } from './sts/assume-role.ts';
import { parseAssumeRole } from './sts/assume-role-input.ts';
import { readWireRequest } from './wire-request.ts';

const VERSION = '2011-06-15';
const answers = createQueryAnswers(`https://sts.amazonaws.com/doc/${VERSION}/`);

/**
 * An STS that issues session credentials as AWS does, to whoever holds a session already (`openExecutionSession` gives the
 * first): AssumeRole and GetCallerIdentity in the Query protocol of version 2011-06-15.
 */
export function createStsDoor(options: StsOptions): Door {
  return async (request, bindings) => {
    const requestId = randomUUID();
    try {
      const wire = await readWireRequest(request, bindings);
      const caller = authenticate(wire, { ...options, service: 'sts' });
      const { action, parameters } = readQueryCall(wire, VERSION);
      return answers.result(action, run(action, parameters, caller, options), requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.status === 501) options.log(error.message);
      return answers.refusal(error, requestId);
    }
  };
}

function run(action: string, parameters: Parameters, caller: Session, options: StsOptions): object {
  switch (action) {
    case 'AssumeRole':
      return assumeRole(caller, parseAssumeRole(parameters), options);
    case 'GetCallerIdentity':
      return identify(caller);
    default:
      throw unknownOperation(action, VERSION);
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html; no policy can forbid it. */
function identify({ assumedRoleArn, assumedRoleId, roleArn }: Session): object {
  return { Arn: assumedRoleArn, UserId: assumedRoleId, Account: roleArn.split(':')[4] };
}
