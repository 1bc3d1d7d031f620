import type { Constraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { invalidParameterValue } from './errors.ts';
import { ARN } from './limits.ts';
import { refuseOtherFields } from './unknown-input.ts';

const ASSERTION = { min: 4, max: 2048 };
const MAX_CONTEXTS = 5;
/** The one provider that AWS has (https://docs.aws.amazon.com/singlesignon/latest/userguide/condition-context-keys-sts-idc.html). */
const IDENTITY_CENTER = /^arn:aws[\w-]*:iam::aws:contextProvider\/IdentityCenter$/;

/**
 * Reads `ProvidedContexts`, each within its limits, and gives the ARNs of their providers. The assertions are not kept: STS alone can
 * read them, and nothing here asks for what they say.
 */
export function readContextProviders(
  operation: string,
  parameters: Parameters,
  constraints: Constraints,
): readonly string[] {
  const providers = (parameters.takeList('ProvidedContexts') ?? []).map((member, index) => {
    refuseOtherFields(operation, member, ['ProviderArn', 'ContextAssertion']);
    const at = `providedContexts.${index + 1}.member`;
    constraints.required(`${at}.contextAssertion`, member.get('ContextAssertion'), ASSERTION);
    return constraints.required(`${at}.providerArn`, member.get('ProviderArn'), ARN);
  });
  return constraints.atMost('providedContexts', providers, MAX_CONTEXTS);
}

/** Throws InvalidParameterValue for a provider that is not known; AWS publishes neither code nor text for it. */
export function checkContextProviders(arns: readonly string[]): void {
  const unknown = arns.find((arn) => !IDENTITY_CENTER.test(arn));
  if (unknown !== undefined) throw invalidParameterValue(`${unknown} is not a context provider.`);
}
