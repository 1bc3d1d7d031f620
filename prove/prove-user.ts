import { ConfigurationError, VendingError } from '../functions/core/errors.ts';
import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import { parse } from '../functions/core/parse.ts';
import { minifyPolicy } from '../functions/core/profile/minify-policy.ts';
import type { PolicyDocument } from '../functions/core/profile/policy-document.ts';
import { renderPolicy } from '../functions/core/profile/policy-template.ts';
import { providedPrincipal } from '../functions/core/profile/principal.ts';
import type { Profile } from '../functions/core/profile/profile.ts';
import { profileDefinition } from '../functions/core/profile/profile-definition.ts';
import { resolveResources } from '../functions/core/profile/resources.ts';
import { renderTemplate, TENANT_ID_PLACEHOLDER } from '../functions/core/profile/template.ts';
import { PROBE_TENANT_ID } from '../functions/core/tenant-id.ts';
import type { Proof, ProveInput, RolePolicies } from './proof.ts';
import { proveRole } from './prove-role.ts';

/** Which profile, and over what. */
export interface ProveUserInput extends Pick<ProveInput, 'ownership' | 'resources'> {
  readonly profile: Profile;
  /** Tenants' users have its policies, each with the tenant's id in place of the tag; undefined: not known. */
  readonly tenantRole: RolePolicies | undefined;
}

/**
 * Decides whether sessions of the tenants' IAM users keep tenants apart, and are what their profile says: GetSessionToken takes no
 * policy, so that the session may do what its user may. That the user must have used MFA is left out: it only takes away; and so is
 * the MFA role, which no session may ask for.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export function proveUser({ profile, tenantRole, ownership, resources }: ProveUserInput): Proof {
  try {
    assertDeploymentUser(profile, resources);
    const policy = userPolicy(tenantRole);
    assertSaysSo(profile, policy);
    const role = { identityPolicies: { "the tenant's IAM user": policy } };
    return proveRole({ profile: profile.name, of: 'user', role, ownership, resources });
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    return { profile: profile.name, passed: false, rows: [], undecided: cause.message, steps: 0 };
  }
}

const WHY =
  "GetSessionToken takes no policy, so that the session may do what the tenant's IAM user may; expected exactly that";

/** What users elsewhere may do is not known. */
function assertDeploymentUser(profile: Profile, resources: ProveInput['resources']): void {
  const { userArn } = providedPrincipal(profile);
  const named = profile.userArn && renderTemplate(profile.userArn, BY_NAME, (name) => name);
  if (named === undefined || named !== (userArn && resolveResources(userArn, resources)))
    throw new ConfigurationError(`userArn: got another user, expected ${userArn}`);
}

const PLACEHOLDER = `{{${TENANT_ID_PLACEHOLDER}}}`;
/** Leaves the tenant's place as it is written. */
const BY_NAME = new Map([[TENANT_ID_PLACEHOLDER, PLACEHOLDER]]);
const TAGGED_TENANT = `\${aws:PrincipalTag/${TENANT_TAG_KEY}}`;

/** What a tenant's user may do, with the tag where its id stands. */
function userPolicy(tenantRole: RolePolicies | undefined): PolicyDocument {
  if (tenantRole === undefined) throw new ConfigurationError(`policy: ${WHY}, which is not known here`);
  const Statement = Object.entries(tenantRole.identityPolicies).flatMap(
    ([name, document]) => parse(profileDefinition.shape.policy, document, `policy ${name}`).Statement,
  );
  const policy = { Version: '2012-10-17', Statement } as const;
  // A user has no tags: whatever else asks for one means something else there.
  if (/aws:PrincipalTag\//i.test(JSON.stringify(policy).replaceAll(TAGGED_TENANT, '')))
    throw new ConfigurationError(
      `policy: ${WHY}, which asks for a tag in another way than by ${TAGGED_TENANT}`,
    );
  return policy;
}

/** Two, so that no id that a policy names is taken for the tenant's; the second is no tenant's. */
const SAMPLES = ['acme', PROBE_TENANT_ID];

function assertSaysSo(profile: Profile, policy: PolicyDocument): void {
  const permitted = (tenantId: string) => JSON.stringify(policy).replaceAll(TAGGED_TENANT, tenantId);
  const isSame = (tenantId: string) =>
    meaning(rendered(profile, tenantId), tenantId) === meaning(permitted(tenantId), tenantId);
  if (SAMPLES.every(isSame)) return;
  throw new ConfigurationError(`policy: ${WHY}: ${minifyPolicy(permitted(PLACEHOLDER), PLACEHOLDER)}`);
}

/** Equal for policies that mean the same, in whatever order they say it. */
function meaning(policy: string, tenantId: string): string {
  const { Statement } = JSON.parse(minifyPolicy(policy, tenantId)) as PolicyDocument;
  return JSON.stringify(Statement.map((statement) => JSON.stringify(statement)).sort());
}

/** Without attributes, which no user's policy knows. */
function rendered({ policy }: Profile, tenantId: string): string {
  try {
    return renderPolicy(policy, new Map([[TENANT_ID_PLACEHOLDER, tenantId]]));
  } catch (cause) {
    if (!(cause instanceof VendingError)) throw cause;
    return NOTHING;
  }
}

const NOTHING = JSON.stringify({ Version: '2012-10-17', Statement: [] });
