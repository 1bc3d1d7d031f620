import fc from 'fast-check';
import { ConfigurationError, VendingError } from '../../../functions/core/errors.ts';
import { decideGrant, type Grant } from '../../../functions/core/grant/grant.ts';
import { parseProfile } from '../../../functions/core/profile/profile.ts';
import { parseTenant, type Tenant } from '../../../functions/core/tenant/tenant.ts';
import { RESOURCES } from '../../../local/account.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import { clock, sampleCaller, sampleTenantRecord } from '../../functions/core/sample.ts';
import type { Surroundings } from '../ask.ts';
import { createFamily, type Family, type Outcome } from '../family.ts';
import { findCrossing, isAllowed, readPolicy } from '../isolation.ts';
import { oddText } from '../odd-values.ts';
import { requestsIn } from '../policy-requests.ts';
import { NARROW } from '../tenants.ts';

const PROFILES = [...profileDefinitions, NARROW].map((definition) => parseProfile(definition, RESOURCES));
/** What STS takes in a policy, and in a tag's value. */
const POLICY = /^[\u0020-\u00ff]{1,2048}$/;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const OWN_ID = /^[a-z0-9-]{3,48}$/;

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('acme', 'acme-prod', 'globex', 'aws', '000') },
  { weight: 2, arbitrary: fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,46}[a-z0-9]$/) },
  { weight: 1, arbitrary: oddText },
);

const input = fc.record({
  tenantId: name,
  profile: fc.constantFrom(...PROFILES),
  attribute: fc.oneof(fc.constant('gold'), oddText),
  folder: fc.oneof(
    fc.constant(undefined),
    fc.constantFrom(
      'a/',
      'a/b/',
      '../globex/',
      './',
      '//',
      'a/../',
      '*',
      '*/',
      '?/',
      '${*}/',
      '${aws:username}/',
      '$/',
      '{}/',
      'a\\/',
      'a%2f/',
      '"/',
      '\u00e9/',
    ),
    oddText.map((text) => `${text}/`),
  ),
});

/** Tenant ids, attributes and scope values of every kind: what is rendered opens nothing outside the tenant. */
export function policyValues({ watch }: Surroundings): Family {
  return createFamily({
    name: 'policy values',
    share: 5,
    inputs: input,
    watch,
    async attempt({ tenantId, profile, attribute, folder }): Promise<Outcome> {
      const tenant = readTenant(tenantId, attribute);
      if (tenant === undefined) return 'refused';
      const caller = sampleCaller();
      const decide = (scope: Readonly<Record<string, string>>) =>
        decideGrant(caller, tenant, profile, { profile: profile.name, scope }, clock);
      let grant: Grant;
      try {
        grant = await watch.timed(() => decide(folder === undefined ? {} : { folder }));
      } catch (error) {
        if (error instanceof VendingError && error.code !== 'internal_error') return error.code;
        throw error;
      }
      assertBounded(grant, tenantId, [attribute, folder ?? '']);
      assertLiteral(grant, [tenantId, ...(profile.tags.has('Plan') ? [attribute] : [])], folder);
      if (folder !== undefined && profile.scope.get('folder')?.optional) assertNarrower(grant, decide({}));
      return 'bounded';
    },
  });
}

function readTenant(tenantId: string, attribute: string): Tenant | undefined {
  const profiles = PROFILES.map((profile) => profile.name);
  try {
    return parseTenant(sampleTenantRecord({ attributes: { plan: attribute }, profiles }, { tenantId }));
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

function assertBounded({ policy, tags }: Grant, tenantId: string, hints: readonly string[]): void {
  if (!OWN_ID.test(tenantId)) throw new Error('forbidden: got a tenant id outside the grammar');
  if (!POLICY.test(policy)) throw new Error('got a policy that STS does not take');
  const [own, ...others] = tags;
  if (own?.key !== 'TenantId' || own.value !== tenantId || others.some(({ key }) => /^tenantid$/i.test(key)))
    throw new Error('forbidden: got another tenant tag');
  if (!tags.every(({ value }) => TAG_VALUE.test(value))) throw new Error('got a tag that STS does not take');
  const crossing = findCrossing(readPolicy(policy), tenantId, hints);
  if (crossing !== undefined)
    throw new Error(`forbidden: ${tenantId} opens ${JSON.stringify(crossing)}: ${policy}`);
}

/** What is inserted means itself, and nothing else: a star in it is a star. */
function assertLiteral({ policy: text }: Grant, above: readonly string[], folder: string | undefined): void {
  if (folder === undefined) return;
  const policy = readPolicy(text);
  const opens = (path: readonly string[]) => {
    const resource = `${RESOURCES.tenantBucketArn}/${path.join('/')}x`;
    return isAllowed(policy, { action: 's3:GetObject', resource, keys: {} });
  };
  const inserted = [...above, folder];
  const varied = inserted.map((value) => value.replaceAll(/[*?]/g, 'other'));
  if (!opens(inserted)) throw new Error(`got a value that does not stand for itself: ${text}`);
  if (varied.join() !== inserted.join() && opens(varied))
    throw new Error(`forbidden: a value is a wildcard: ${text}`);
}

/** A scope value only ever narrows. */
function assertNarrower({ policy }: Grant, { policy: whole }: Grant): void {
  const added = requestsIn(policy).find(
    (request) => isAllowed(readPolicy(policy), request) && !isAllowed(readPolicy(whole), request),
  );
  if (added !== undefined) throw new Error(`forbidden: a scope value opens ${JSON.stringify(added)}`);
}
