import type { Policy } from '../../../policy/policy.ts';
import { PolicyError } from '../../../policy/policy-error.ts';
import { AwsError } from '../aws-error.ts';
import type { Constraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { parseIdentityPolicy } from '../roles.ts';
import { invalidParameterValue, notImplemented } from './errors.ts';
import { ARN } from './limits.ts';
import type { StsOptions } from './sts-options.ts';
import { refuseOtherFields } from './unknown-input.ts';

/** The session policies of a call, each within its limits. */
export interface SessionPolicyInput {
  readonly policy: string | undefined;
  /** Undefined when none were passed. */
  readonly policyArns: readonly string[] | undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: STS's own pattern, which its refusals repeat
const POLICY = { min: 1, max: 2048, pattern: /[\u0009\u000A\u000D\u0020-\u00FF]+/ };
const MAX_POLICY_ARNS = 10;
const MAX_PLAIN_TEXT_CHARACTERS = 2048;

/** Reads `Policy` and `PolicyArns`, which every operation that opens a bounded session takes. */
export function readSessionPolicies(
  operation: string,
  parameters: Parameters,
  constraints: Constraints,
): SessionPolicyInput {
  return {
    policy: constraints.optional('policy', parameters.take('Policy'), POLICY),
    policyArns: readPolicyArns(operation, parameters, constraints),
  };
}

function readPolicyArns(operation: string, parameters: Parameters, constraints: Constraints) {
  const list = parameters.takeList('PolicyArns');
  if (list?.length === 0)
    throw notImplemented('an empty PolicyArns, of which AWS does not say whether it narrows a session');
  return (
    list &&
    constraints.atMost(
      'policyArns',
      list.map((member, index) => {
        refuseOtherFields(operation, member, ['arn']);
        return constraints.required(`policyArns.${index + 1}.member.arn`, member.get('arn'), ARN);
      }),
      MAX_POLICY_ARNS,
    )
  );
}

/**
 * Throws PackedPolicyTooLarge for more than 2048 characters of policy and ARNs together. The API reference gives the limit (under
 * PolicyArns) but not the words of the refusal.
 */
export function checkPlainText({ policy = '', policyArns = [] }: SessionPolicyInput): void {
  const characters = [policy, ...policyArns].join('').length;
  if (characters <= MAX_PLAIN_TEXT_CHARACTERS) return;
  throw new AwsError(
    'PackedPolicyTooLarge',
    400,
    `The plaintext of session policy and policy ARNs has ${characters} characters, more than ${MAX_PLAIN_TEXT_CHARACTERS}`,
  );
}

/**
 * The session policies, parsed; throws MalformedPolicyDocument. Policies that were not passed are undefined, never an empty
 * list: the one means all of the role, the other nothing.
 */
export function parseSessionPolicies(
  { policy, policyArns }: SessionPolicyInput,
  { managedPolicies, log }: Pick<StsOptions, 'managedPolicies' | 'log'>,
): readonly Policy[] | undefined {
  if (policy === undefined && policyArns === undefined) return undefined;
  const managed = (policyArns ?? []).map((arn) => {
    const found = managedPolicies.get(arn);
    // AWS publishes neither code nor text for this.
    if (found === undefined) throw invalidParameterValue(`ARN ${arn} does not exist or is not attachable.`);
    return found;
  });
  if (policy === undefined) return managed;
  try {
    return [parseIdentityPolicy(JSON.parse(policy), 'session policy'), ...managed];
  } catch (error) {
    if (!(error instanceof PolicyError || error instanceof SyntaxError)) throw error;
    log(`session policy refused: ${error.message}`);
    throw new AwsError('MalformedPolicyDocument', 400, 'Syntax errors in policy.');
  }
}
