import * as z from 'zod/mini';
import type { Act, Administration, Precondition } from '../core/administration/administration.ts';
import { unlessMissing } from '../core/administration/unless-missing.ts';
import { ConfigurationError, VendingError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { isTenantId, parseTenantId, type TenantId, tenantId } from '../core/tenant-id.ts';
import type { ProbeResult, VerificationReport } from '../core/verification/verification.ts';

/** What CloudFormation asks for, as the CDK's provider framework hands it on. */
export interface TenantResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly StackId: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  /** The tenant's id; not there with `Create`. */
  readonly PhysicalResourceId?: string;
}

/** What CloudFormation is told: another physical id than before makes it delete the former tenant. */
export interface TenantResourceAnswer {
  readonly PhysicalResourceId: string;
  /** For `Fn::GetAtt`; `version` is that of the record as this deploy put it. */
  readonly Data?: { readonly externalId: string; readonly version: number };
}

/** Does what CloudFormation asks for. The message of what it throws is what the deploy fails with. */
export type TenantResource = (request: TenantResourceRequest) => Promise<TenantResourceAnswer>;

/** The definition comes as JSON text: CloudFormation makes texts of the numbers and booleans in properties. */
const properties = z.strictObject({
  tenantId,
  definition: z.string(),
  /** Takes over a tenant that is there already. */
  adopt: z.optional(z.enum(['true', 'false'])),
  ServiceToken: z.optional(z.string()),
  ServiceTimeout: z.optional(z.string()),
});

/** CloudFormation takes 4096 bytes in all for an answer. */
const PROBES_TOLD = 3;

/**
 * A tenant as a resource of a stack. It is created when every probe of its verification has passed, and offboarded, for good, when
 * it is deleted. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html
 */
export function createTenantResource(
  administration: Pick<Administration, 'putTenant' | 'getTenant' | 'verifyTenant' | 'offboardTenant'>,
): TenantResource {
  return async ({ RequestType, RequestId, StackId, ResourceProperties, PhysicalResourceId }) => {
    const act = { requestId: RequestId, actor: StackId };
    try {
      if (RequestType === 'Delete') return await offboard(act, PhysicalResourceId ?? '');
      return await put(act, ResourceProperties, PhysicalResourceId);
    } catch (error) {
      throw new Error(describe(error), { cause: error });
    }
  };

  async function put(
    act: Act,
    written: unknown,
    physicalId: string | undefined,
  ): Promise<TenantResourceAnswer> {
    const { tenantId, definition, adopt } = parse(properties, written, 'properties');
    const isOurs = adopt === 'true' || physicalId === tenantId;
    const precondition = isOurs ? 'any' : await preconditionToMake(act, tenantId);
    const { record } = await administration.putTenant(act, tenantId, parseJson(definition), precondition, {
      holdUntilVerified: true,
    });
    const report = await administration.verifyTenant(act, tenantId);
    if (!report.passed) throw new ConfigurationError(describeHoles(report));
    return {
      PhysicalResourceId: tenantId,
      Data: { externalId: record.externalId, version: record.version },
    };
  }

  /** Nothing may be there but what an earlier deploy left that failed: another stack or an operator may have a tenant of that id. */
  async function preconditionToMake(act: Act, tenantId: TenantId): Promise<Precondition> {
    const stored = await unlessMissing(administration.getTenant(act, tenantId));
    if (stored === undefined) return 'absent';
    if (stored.holds.includes('onboarding')) return stored.version;
    throw new ConfigurationError(
      `tenant ${tenantId}: got one that is there already; set adopt to take it over with all that is written of it`,
    );
  }

  async function offboard(act: Act, physicalId: string): Promise<TenantResourceAnswer> {
    // One that was never created has an id made by CloudFormation.
    if (isTenantId(physicalId))
      await unlessMissing(administration.offboardTenant(act, parseTenantId(physicalId), 'any'));
    return { PhysicalResourceId: physicalId };
  }
}

function parseJson(definition: string): unknown {
  try {
    return JSON.parse(definition);
  } catch (cause) {
    throw new ConfigurationError('properties: definition: got text that is not JSON', { cause });
  }
}

/** Every hole and its cure, the first few in full. */
function describeHoles({ tenantId, probes }: VerificationReport): string {
  const holes = probes.filter(({ outcome }) => outcome === 'failed' || outcome === 'undecided');
  const told = holes.slice(0, PROBES_TOLD).map(describeHole).join('; ');
  const more = holes.length > PROBES_TOLD ? `; and ${holes.length - PROBES_TOLD} more` : '';
  return `tenant ${tenantId}: its verification did not pass: ${told}${more}`;
}

function describeHole({ profile, probe, outcome, roleArn, detail, cure }: ProbeResult): string {
  return `${probe} of profile ${profile} ${outcome} on ${roleArn}: ${detail}${cure === undefined ? '' : ` (cure: ${cure})`}`;
}

function describe(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (!(error instanceof VendingError)) return 'internal_error: something went wrong here';
  return `${error.code}: ${error.message}`;
}
