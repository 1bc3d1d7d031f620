import { createConstraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { splitRoleArn } from '../roles.ts';
import { invalidParameterValue, notImplemented } from './errors.ts';
import { assumeFederatedRole, type FederatedRoleInput } from './federated-role.ts';
import { ARN, NAME, ROLE_DURATION_SECONDS } from './limits.ts';
import { checkRoleArn } from './role-session.ts';
import { checkPlainText, readSessionPolicies } from './session-policies.ts';
import type { StsOptions } from './sts-options.ts';
import { refuseUntaken } from './unknown-input.ts';
import { verifyWebIdentityToken, type WebIdentity } from './web-identity-token.ts';

interface WebIdentityInput extends FederatedRoleInput {
  readonly sessionName: string;
  readonly token: string;
}

const OPERATION = 'AssumeRoleWithWebIdentity';
const TOKEN = { min: 4, max: 20_000 };
const PROVIDER_ID = { min: 4, max: 2048 };
const OAUTH_PROVIDERS = ['www.amazon.com', 'graph.facebook.com'];

/**
 * Opens a session of a role for whoever shows an OpenID Connect token, and gives the result element. Throws the AwsError that
 * STS answers (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
 */
export async function assumeRoleWithWebIdentity(
  parameters: Parameters,
  options: StsOptions,
): Promise<object> {
  const { token, sessionName, ...input } = parseInput(parameters);
  checkRoleArn(input.roleArn);
  const identity = await verifyWebIdentityToken(token, {
    providers: options.openIdProviders ?? new Map(),
    account: splitRoleArn(input.roleArn)?.account ?? '',
    now: options.clock(),
  });
  const { provider, subject, audience, carried } = identity;
  const federation = { provider: provider.arn, facts: providerFacts(identity) };
  const who = { sessionName, carried, federation, trustFacts: {} };
  return {
    ...assumeFederatedRole('sts:AssumeRoleWithWebIdentity', input, who, options),
    SubjectFromWebIdentityToken: subject,
    Audience: audience,
    Provider: provider.url,
  };
}

function parseInput(parameters: Parameters): WebIdentityInput {
  const constraints = createConstraints();
  const { take } = parameters;
  const input = {
    roleArn: constraints.required('roleArn', take('RoleArn'), ARN),
    sessionName: constraints.required('roleSessionName', take('RoleSessionName'), NAME),
    token: constraints.required('webIdentityToken', take('WebIdentityToken'), TOKEN),
    ...readSessionPolicies(OPERATION, parameters, constraints),
    durationSeconds: constraints.integer('durationSeconds', take('DurationSeconds'), ROLE_DURATION_SECONDS),
  };
  const providerId = constraints.optional('providerId', take('ProviderId'), PROVIDER_ID);
  refuseUntaken(OPERATION, parameters);
  constraints.settle();
  if (providerId !== undefined) throw providerRefused(providerId);
  checkPlainText(input);
  return input;
}

/** It is for OAuth 2.0 access tokens, of two providers; what AWS says of others it does not document. */
function providerRefused(providerId: string) {
  return OAUTH_PROVIDERS.includes(providerId)
    ? notImplemented(`OAuth 2.0 access tokens of ${providerId}`)
    : invalidParameterValue(
        `${providerId} is not an OAuth 2.0 provider; for OpenID Connect tokens there is no ProviderId.`,
      );
}

/**
 * The condition keys of a provider, for the trust policy and in the session
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
 */
function providerFacts({ provider: { name }, subject, audience, methods }: WebIdentity) {
  return { [`${name}:aud`]: audience, [`${name}:sub`]: subject, [`${name}:amr`]: methods };
}
