import { AwsError } from '../aws-error.ts';

/** Where functions are. */
export interface FunctionPlace {
  readonly account: string;
  readonly region: string;
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * The function's name in what Invoke takes for one: the name, `<account>:function:<name>` or the ARN. Throws the AwsError
 * that Lambda answers; ResourceNotFoundException for a function of another account or Region.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function parseFunctionName(given: string, { account, region }: FunctionPlace): string {
  const parts = given.split(':');
  const name = parts.at(-1) ?? '';
  const front = parts.slice(0, -1).join(':');
  if (!NAME.test(name)) {
    throw new AwsError(
      'ValidationException',
      400,
      `1 validation error detected: Value '${given}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN, here without a version or alias`,
    );
  }
  const fronts = ['', `${account}:function`, `arn:aws:lambda:${region}:${account}:function`];
  if (fronts.includes(front)) return name;
  throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${given}`);
}
