import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';

/** Runs a function, by name or ARN, with a payload, and gives what it answers, out of JSON. Throws an `Error` when there is no answer. */
export type FunctionInvoker = (functionName: string, payload: object) => Promise<unknown>;

/** Two attempts must fit into the 29 s that API Gateway waits. */
const TIMEOUTS = { connectMilliseconds: 1000, answerMilliseconds: 13_000 };
const ATTEMPTS = 2;

/** Invokes Lambda functions and waits for them. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function createFunctionInvoker(access: AwsAccess): FunctionInvoker {
  const client = new LambdaClient({
    ...awsClientConfig(access, TIMEOUTS),
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
  });
  return async (functionName, payload) => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
    );
    // The payload of an error may quote anything; the function's own log has it.
    if (FunctionError !== undefined)
      throw new Error(`function ${functionName} ended with an error (${FunctionError})`);
    return parseAnswer(functionName, Payload);
  };
}

function parseAnswer(functionName: string, payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    throw new Error(`function ${functionName} answered something else than JSON`);
  }
}
