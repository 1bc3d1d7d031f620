import { createHash } from 'node:crypto';
import type { SamlProvider } from '../identity-providers.ts';
import { createConstraints, validationError } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { splitRoleArn } from '../roles.ts';
import { accessDenied } from './errors.ts';
import { assumeFederatedRole, type FederatedRoleInput } from './federated-role.ts';
import { invalidIdentityToken } from './identity-errors.ts';
import { ARN, ROLE_DURATION_SECONDS } from './limits.ts';
import { checkRoleArn } from './role-session.ts';
import { readSamlAssertion, type SamlIdentity } from './saml-assertion.ts';
import { verifySamlResponse } from './saml-response.ts';
import { checkPlainText, readSessionPolicies } from './session-policies.ts';
import type { StsOptions } from './sts-options.ts';
import { refuseUntaken } from './unknown-input.ts';

interface SamlInput extends FederatedRoleInput {
  readonly principalArn: string;
  readonly response: string;
}

const OPERATION = 'AssumeRoleWithSAML';
const RESPONSE = { min: 4, max: 100_000 };
const PROVIDER_ARN = /^arn:aws[\w-]*:iam::\d{12}:saml-provider\/[\w.-]{1,128}$/;

/**
 * Opens a session of a role for whoever shows a SAML response, and gives the result element. Throws the AwsError that STS
 * answers (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html).
 */
export async function assumeRoleWithSaml(parameters: Parameters, options: StsOptions): Promise<object> {
  const { response, principalArn, ...input } = parseInput(parameters);
  const provider = findProvider(principalArn, input.roleArn, options);
  const now = options.clock();
  const identity = readSamlAssertion(await verifySamlResponse(response, provider), provider, now);
  const { roleArn } = input;
  // Who may have a role says the trust policy; who wants it, the assertion: a role that it does not name is not for its bearer.
  if (
    ![`${roleArn},${principalArn}`, `${principalArn},${roleArn}`].some((pair) =>
      identity.roles.includes(pair),
    )
  )
    throw accessDenied('Not authorized to perform sts:AssumeRoleWithSAML');
  const nameQualifier = qualify(identity.issuer, provider);
  const who = {
    sessionName: identity.sessionName,
    carried: identity.carried,
    trustFacts: trustFacts(identity, provider),
    federation: { provider: provider.arn, facts: sessionFacts(identity, nameQualifier) },
    mostSeconds: mostSeconds(identity, now),
  };
  return {
    ...assumeFederatedRole('sts:AssumeRoleWithSAML', input, who, options),
    Subject: identity.subject,
    SubjectType: identity.subjectType,
    Issuer: identity.issuer,
    Audience: identity.recipient,
    NameQualifier: nameQualifier,
  };
}

function parseInput(parameters: Parameters): SamlInput {
  const constraints = createConstraints();
  const { take } = parameters;
  const input = {
    roleArn: constraints.required('roleArn', take('RoleArn'), ARN),
    principalArn: constraints.required('principalArn', take('PrincipalArn'), ARN),
    response: constraints.required('sAMLAssertion', take('SAMLAssertion'), RESPONSE),
    ...readSessionPolicies(OPERATION, parameters, constraints),
    durationSeconds: constraints.integer('durationSeconds', take('DurationSeconds'), ROLE_DURATION_SECONDS),
  };
  refuseUntaken(OPERATION, parameters);
  constraints.settle();
  checkPlainText(input);
  checkRoleArn(input.roleArn);
  if (!PROVIDER_ARN.test(input.principalArn)) throw validationError(`${input.principalArn} is invalid`);
  return input;
}

function findProvider(arn: string, roleArn: string, { samlProviders }: StsOptions): SamlProvider {
  const provider = samlProviders?.get(arn);
  // Another account's provider vouches for nobody here.
  if (provider === undefined || provider.account !== splitRoleArn(roleArn)?.account)
    throw invalidIdentityToken("Specified provider doesn't exist");
  return provider;
}

/** With the subject, unique among all providers (API reference, NameQualifier). */
function qualify(issuer: string, { account, name }: SamlProvider): string {
  return createHash('sha1').update(`${issuer}${account}/${name}`).digest('base64');
}

/**
 * The condition keys that trust policies alone see
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml); those that
 * directories' attributes map to are not known here.
 */
function trustFacts({ recipient, issuer }: SamlIdentity, { account, name }: SamlProvider) {
  return { 'saml:aud': recipient, 'saml:iss': issuer, 'saml:doc': `${account}/${name}` };
}

/** Those that requests of the session have as well (same page, on permissions policies). */
function sessionFacts({ subject, subjectType }: SamlIdentity, nameQualifier: string) {
  return { 'saml:namequalifier': nameQualifier, 'saml:sub': subject, 'saml:sub_type': subjectType };
}

function mostSeconds({ sessionEnd, sessionSeconds }: SamlIdentity, now: Date): number | undefined {
  const untilEnd = sessionEnd && Math.floor((sessionEnd.getTime() - now.getTime()) / 1000);
  const bounds = [untilEnd, sessionSeconds].filter((seconds) => seconds !== undefined);
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}
