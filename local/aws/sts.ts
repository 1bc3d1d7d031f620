import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import { createQueryAnswers } from './query/answer.ts';
import { type QueryCall, readQueryCall, unknownOperation } from './query/query-call.ts';
import { authenticate } from './sigv4.ts';
import { OPERATIONS } from './sts/operations.ts';
import type { StsOptions } from './sts/sts-options.ts';
import { readWireRequest, type WireRequest } from './wire-request.ts';

const VERSION = '2011-06-15';
const answers = createQueryAnswers(`https://sts.amazonaws.com/doc/${VERSION}/`);

/** An STS that issues credentials as AWS does, in the Query protocol of version 2011-06-15. */
export function createStsDoor(options: StsOptions): Door {
  return async (request, bindings) => {
    const requestId = randomUUID();
    let action = '';
    try {
      const wire = await readWireRequest(request, bindings);
      const call = readQueryCall(wire, VERSION);
      action = call.action;
      return answers.result(action, await run(call, wire, options), requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.status === 501 || error.cause !== undefined)
        options.log(describeRefusal(`STS ${action}`, error));
      return answers.refusal(error, requestId);
    }
  };
}

async function run(
  { action, parameters }: QueryCall,
  wire: WireRequest,
  options: StsOptions,
): Promise<object> {
  const operation = OPERATIONS.get(action);
  if (operation?.signed === false) return operation.run(parameters, options);
  // Whoever can't sign learns not even what there is.
  const caller = authenticate(wire, { ...options, service: 'sts' });
  if (operation === undefined) throw unknownOperation(action, VERSION);
  return operation.run(caller, parameters, options);
}
