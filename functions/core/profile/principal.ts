import { ROLE_ARN, USER_ARN } from '../arn.ts';
import { ConfigurationError } from '../errors.ts';
import { longestSession } from '../grant/durations.ts';
import { type Making, ridesInToken } from '../grant/method.ts';
import { TENANT_ID_PLACEHOLDER } from './template.ts';

/** Who sessions are made from: a role, an IAM user, or a role for what an IAM user asks. */
export interface Principal {
  readonly roleArn: string | undefined;
  /** With `{{tenant.id}}` at its end where each tenant has a user of its own. */
  readonly userArn: string | undefined;
}

/** What a deployment provides for each way of making sessions, as profiles name it. */
export function providedPrincipal(making: Making): Principal {
  const { method, mfa } = making;
  if (method === 'federationToken') return { roleArn: undefined, userArn: '{{resources.federationUserArn}}' };
  if (method === 'sessionToken') return { roleArn: undefined, userArn: TENANT_USER };
  if (mfa === 'required') return { roleArn: '{{resources.mfaRoleArn}}', userArn: TENANT_USER };
  const role = method === 'assumeRole' ? 'tenantRoleArn' : 'federatedRoleArn';
  return { roleArn: `{{resources.${role}}}`, userArn: undefined };
}

const TENANT_USER = `{{resources.tenantUserArnPrefix}}{{${TENANT_ID_PLACEHOLDER}}}`;

/** The parts of a definition that say how sessions are made, with what AWS does not take together with each way. */
export interface MakingDefinition extends Making {
  readonly roleArn?: string | undefined;
  readonly userArn?: string | undefined;
  readonly contextProviders: readonly string[];
  readonly policyArns: readonly unknown[];
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly droppableTags: readonly string[];
  readonly scope: Readonly<Record<string, unknown>>;
  readonly requiredScopes: readonly string[];
  readonly senderConstraint: string;
  readonly durationSeconds: { readonly default: number; readonly maximum: number };
}

/**
 * Throws `ConfigurationError` for principals that do not go with the method, and for members that STS has no place for:
 * what could not be passed on must not look as if it held.
 */
export function assertMaking(definition: MakingDefinition): void {
  const { method, webIdentityToken, mfa, durationSeconds } = definition;
  if (webIdentityToken !== undefined && method !== 'webIdentity')
    throw fault('webIdentityToken', webIdentityToken, 'none but with the method webIdentity');
  if (mfa === 'required' && method !== 'assumeRole' && method !== 'sessionToken')
    throw fault('mfa', mfa, 'none but with the methods assumeRole and sessionToken');
  // Behind those two, on which it depends who is expected.
  assertPrincipals(definition);
  const longest = longestSession(definition);
  if (durationSeconds.maximum > longest)
    throw new ConfigurationError(
      `durationSeconds: got a maximum of ${durationSeconds.maximum}, expected at most ${longest} ${hint(definition)}`,
    );
  for (const member of withoutPlace(definition)) {
    const value = definition[member];
    const isEmpty = typeof value === 'string' ? value === 'optional' : Object.keys(value).length === 0;
    if (!isEmpty) throw fault(member, value, `none with the method ${method}: STS has no place for it`);
  }
}

function hint({ method, mfa }: Making): string {
  if (method === 'assumeRole' && mfa === 'none')
    return 'with the method assumeRole (a Lambda function chains roles); webIdentity gives up to 43200';
  return `with the method ${method}`;
}

type Placeless =
  | 'contextProviders'
  | 'policyArns'
  | 'tags'
  | 'transitiveTagKeys'
  | 'droppableTags'
  | 'scope'
  | 'requiredScopes'
  | 'senderConstraint';

function withoutPlace(making: Making): readonly Placeless[] {
  switch (making.method) {
    case 'assumeRole':
      return [];
    case 'webIdentity':
      // STS reads no scopes, and asks for no proof of possession: whoever holds the token goes there without us.
      return ridesInToken(making)
        ? ['contextProviders', 'droppableTags', 'requiredScopes', 'senderConstraint']
        : ['contextProviders'];
    case 'saml':
      // An assertion has neither scopes nor a proof of possession.
      return ['contextProviders', 'droppableTags', 'requiredScopes', 'senderConstraint'];
    case 'federationToken':
      return ['contextProviders', 'transitiveTagKeys'];
    case 'sessionToken':
      return ['contextProviders', 'policyArns', 'tags', 'transitiveTagKeys', 'droppableTags', 'scope'];
  }
}

const TENANT_USER_ARN = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:user\/(?:[\w+=,.@-]+\/)*\{\{tenant\.id\}\}$/;

function assertPrincipals({ roleArn, userArn, ...making }: MakingDefinition): void {
  const expected = providedPrincipal(making);
  if (expected.roleArn === undefined) {
    if (roleArn !== undefined) throw fault('roleArn', roleArn, `none with the method ${making.method}`);
  } else if (roleArn === undefined || !ROLE_ARN.test(roleArn)) {
    throw fault('roleArn', roleArn, `the ARN of an IAM role, such as ${expected.roleArn}`);
  }
  if (expected.userArn === undefined) {
    if (userArn !== undefined)
      throw fault('userArn', userArn, `none with the method ${making.method} without mfa`);
  } else if (expected.userArn === TENANT_USER) {
    // One user for each tenant: what it may do is not bounded by any policy of the session's.
    if (userArn === undefined || !TENANT_USER_ARN.test(userArn))
      throw fault(
        'userArn',
        userArn,
        `the ARN of the tenant's own IAM user, which ends in /{{tenant.id}}, such as ${expected.userArn}`,
      );
  } else if (userArn === undefined || !USER_ARN.test(userArn)) {
    throw fault('userArn', userArn, `the ARN of an IAM user, such as ${expected.userArn}`);
  }
}

function fault(member: string, got: unknown, expected: string): ConfigurationError {
  return new ConfigurationError(`${member}: got ${JSON.stringify(got) ?? 'none'}, expected ${expected}`);
}
