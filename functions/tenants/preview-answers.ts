import * as z from 'zod/mini';
import { METHODS, WEB_IDENTITY_TOKENS } from '../core/grant/method.ts';

/** What a preview answers: the schema for the OpenAPI document. Imported by nothing that is deployed. */

const strings = z.readonly(z.array(z.string()));
const policyStatement = z.record(z.string(), z.unknown());
const context = z
  .record(z.string(), z.union([z.string(), strings]))
  .check(z.describe('condition keys of the request'));
const reason = z.string().check(z.describe('by which statement of which policy, or what is missing'));

const duration = z.object({
  seconds: z.int(),
  decidedBy: z.enum(['request', 'profile_default', 'tenant_limit']),
  maximumSeconds: z.int(),
  maximumDecidedBy: z.enum(['profile_maximum', 'tenant_limit', 'chaining_hour']),
});

const evaluation = z.object({
  rolePolicy: z
    .boolean()
    .check(z.describe("whether the role's own policy was evaluated, or the session policy alone")),
  note: z.string(),
  fault: z.optional(z.string().check(z.describe('why the session policy cannot be evaluated'))),
});

const previewedRequest = z.object({
  action: z.string(),
  resource: z.string(),
  context,
  effect: z
    .enum(['allowed', 'implicitly_denied', 'explicitly_denied', 'undecided'])
    .check(z.describe('undecided: something that decides is not known here')),
  reason,
});

const profileDiff = z.object({
  settings: z.readonly(z.array(z.object({ member: z.string(), before: z.unknown(), after: z.unknown() }))),
  statementsAdded: z.readonly(z.array(policyStatement)),
  statementsRemoved: z.readonly(z.array(policyStatement)),
  changes: z.readonly(
    z.array(
      z.object({
        change: z
          .enum(['newly_allowed', 'newly_denied', 'denied_by_role_alone', 'undecided'])
          .check(
            z.describe(
              "denied_by_role_alone: the session policy newly allows it, the role's own policy does not",
            ),
          ),
        of: z
          .enum(['request', 'own', 'foreign'])
          .check(z.describe('asked about; or made up, foreign where it names another tenant')),
        action: z.string(),
        resource: z.string(),
        context,
        absentKeys: strings,
        before: reason,
        after: reason,
        alike: z.int().check(z.describe('how many more only their context tells apart')),
      }),
    ),
  ),
  tried: z.int().check(z.describe('how many requests were tried; no number of them is a proof')),
  complete: z.boolean().check(z.describe('false: there was more to try or to tell than fits')),
  rolePolicy: z.boolean(),
});

/** Answer of `POST /tenants/{tenantId}/preview`. */
export const previewAnswer = z
  .object({
    tenantId: z.string(),
    status: z
      .enum(['active', 'suspended', 'offboarded'])
      .check(z.describe('as it is now; previewed as if it were active')),
    profile: z.string(),
    source: z.enum(['deployment', 'tenant', 'request']).check(z.describe('where the profile is written')),
    granted: z.boolean().check(z.describe('whether the tenant may use the profile now')),
    requiredScopes: strings,
    method: z.enum(METHODS).check(z.describe('the operation of STS by which the session is made')),
    webIdentityToken: z.optional(
      z.enum(WEB_IDENTITY_TOKENS).check(z.describe('whose token STS is given with webIdentity')),
    ),
    mfa: z.enum(['none', 'required']),
    roleArn: z.optional(z.string()),
    userArn: z.optional(z.string().check(z.describe('the IAM user that asks STS, where one does'))),
    passesExternalId: z.boolean(),
    issuer: z.string().check(z.describe('of the sample caller')),
    roleSessionName: z.string(),
    sourceIdentity: z.optional(z.string()),
    tags: z.readonly(z.array(z.object({ key: z.string(), value: z.string() }))),
    transitiveTagKeys: strings,
    duration,
    policy: z.object({ Version: z.string(), Statement: z.readonly(z.array(policyStatement)) }),
    policyArns: strings,
    policyCharacters: z.int().check(z.describe('of policy and managed policy ARNs together; STS takes 2048')),
    packedPolicyPercent: z.int().check(z.describe('an estimate; over 100, STS would refuse')),
    evaluation,
    requests: z.readonly(z.array(previewedRequest)),
    diff: z.optional(profileDiff),
  })
  .check(z.meta({ id: 'Preview' }));
