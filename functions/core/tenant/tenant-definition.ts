import * as z from 'zod/mini';
import { ROLE_ARN } from '../arn.ts';
import { SESSION_MIN_SECONDS, USER_MAX_SECONDS } from '../grant/durations.ts';
import { ownIssuer } from '../issuer/issuer.ts';
import { NAME } from '../name.ts';
import { parse } from '../parse.ts';
import { ownSamlProvider } from '../saml/saml-provider.ts';
import { text, wellFormed } from '../text.ts';

/** Bounds that keep the write of a tenant with all its bindings within one DynamoDB transaction of 100 items. */
const OWN_ISSUERS_MAX = 5;
const CLAIMS_MAX = 20;
const SAML_PROVIDERS_MAX = 2;

const name = z.string().check(z.regex(NAME, 'not a name of letters, digits and hyphens'));

/** The shape of what an operator writes of a tenant. Who it is for, `tenantId`, stands beside it. */
export const tenantDefinition = z
  .strictObject({
    displayName: text,
    /** Issuers bound to this tenant alone. */
    issuers: z._default(z.array(ownIssuer).check(z.maxLength(OWN_ISSUERS_MAX)), []),
    /** Claim values of shared issuers that mean this tenant. */
    claims: z._default(
      z
        .array(
          z.strictObject({
            issuer: z.string().check(z.minLength(1), z.maxLength(512), wellFormed),
            value: text,
          }),
        )
        .check(z.maxLength(CLAIMS_MAX)),
      [],
    ),
    /** SAML identity providers bound to this tenant alone, whose assertions are good once each. */
    samlProviders: z._default(z.array(ownSamlProvider).check(z.maxLength(SAML_PROVIDERS_MAX)), []),
    /** Values for `{{tenant.attributes.x}}` in policies and tags. */
    attributes: z._default(z.record(name, z.union([text, z.int(), z.boolean()])), {}),
    /** Names of the profiles that the tenant may use. */
    profiles: z.array(name).check(z.minLength(1), z.maxLength(50)),
    defaultProfile: name,
    /** Profiles of this tenant alone, written as those in profiles/ are. */
    ownProfiles: z._default(z.array(z.looseObject({ name })).check(z.maxLength(10)), []),
    /** Profile name → the role of the tenant's own account that the profile assumes for it. */
    roles: z._default(
      z.record(
        name,
        z.strictObject({ roleArn: z.string().check(z.regex(ROLE_ARN, 'not the ARN of an IAM role')) }),
      ),
      {},
    ),
    limits: z.prefault(
      z.strictObject({
        /** Caps every profile's own maximum. */
        maximumDurationSeconds: z.optional(
          z.int().check(z.minimum(SESSION_MIN_SECONDS), z.maximum(USER_MAX_SECONDS)),
        ),
        /** Vends a second, of all callers and function instances together. */
        vendsPerSecond: z.optional(z.int().check(z.minimum(1), z.maximum(600))),
        /** The same of each caller (issuer and subject) by itself. */
        vendsPerSecondPerSubject: z.optional(z.int().check(z.minimum(1), z.maximum(600))),
      }),
      {},
    ),
  })
  .check(agreesWithItself);

/** What an operator writes of a tenant: members with a default may be left out. */
export type TenantDefinitionInput = z.input<typeof tenantDefinition>;

/** A tenant's definition, parsed. */
export type TenantDefinition = z.output<typeof tenantDefinition>;

/** The definition in what was written; throws `ConfigurationError` naming every member that is wrong. */
export function parseTenantDefinition(written: unknown): TenantDefinition {
  return Object.freeze(parse(tenantDefinition, written, 'tenant'));
}

interface Refinement {
  readonly value: Pick<
    TenantDefinition,
    'issuers' | 'claims' | 'samlProviders' | 'profiles' | 'defaultProfile' | 'ownProfiles' | 'roles'
  >;
  readonly issues: z.core.$ZodRawIssue[];
}

function agreesWithItself({ value, issues }: Refinement): void {
  const { issuers, claims, samlProviders, profiles, defaultProfile, ownProfiles, roles } = value;
  const fault = (path: PropertyKey[], message: string) =>
    issues.push({ code: 'custom', path, message, input: value });
  const granted = `expected one of profiles: ${profiles.join(', ')}`;
  if (!profiles.includes(defaultProfile)) fault(['defaultProfile'], `got ${defaultProfile}, ${granted}`);
  for (const profile of Object.keys(roles))
    if (!profiles.includes(profile)) fault(['roles', profile], granted);
  for (const [index, own] of ownProfiles.entries())
    if (!profiles.includes(own.name)) fault(['ownProfiles', index, 'name'], `got ${own.name}, ${granted}`);
  const once = (member: string, keys: readonly string[]) => {
    const again = keys.findIndex((key, index) => keys.indexOf(key) !== index);
    if (again >= 0) fault([member, again], 'got it twice, expected it once');
  };
  once('profiles', profiles);
  once(
    'issuers',
    issuers.map(({ url }) => url),
  );
  once(
    'claims',
    claims.map((claim) => JSON.stringify([claim.issuer, claim.value])),
  );
  once(
    'samlProviders',
    samlProviders.map(({ providerArn }) => providerArn),
  );
  once(
    'ownProfiles',
    ownProfiles.map((own) => own.name),
  );
  for (const [index, { issuer }] of claims.entries())
    if (issuers.some(({ url }) => url === issuer))
      fault(['claims', index, 'issuer'], "got one of the tenant's own issuers, expected a shared one");
}
