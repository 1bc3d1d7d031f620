import type { VendingOperation } from './audit-event.ts';
import { createAudited, type Facts, type Note } from './audited.ts';
import type { Clock } from './clock.ts';
import { type Deadline, startDeadline, within } from './deadline.ts';
import { VendingError } from './errors.ts';
import type { VendedCredentials } from './grant/credentials.ts';
import { decideGrant, type Grant, policyDigest, type VendRequest } from './grant/grant.ts';
import { subjectDigest } from './grant/session-name.ts';
import type { DecidedVend, Shadow } from './grant/shadow.ts';
import type { AuditLog, RoleAssumer, TenantRegistry, TokenVerifier, VendThrottle } from './ports.ts';
import type { Profile } from './profile/profile.ts';
import type { ProfileBook } from './profile/profile-book.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { Caller } from './token/caller.ts';
import type { PresentedToken } from './token/presented-token.ts';

/** Everything outside that a vend touches, and the profiles of this deployment. */
export interface VendingDependencies {
  readonly verifier: TokenVerifier;
  readonly registry: TenantRegistry;
  readonly profiles: ProfileBook;
  readonly throttle: VendThrottle;
  readonly assumer: RoleAssumer;
  readonly auditLog: AuditLog;
  readonly clock: Clock;
  /** How long an attempt may take in all. */
  readonly deadlineMilliseconds: number;
  /** Told of every decision, for its audit event; changes none. */
  readonly shadow?: Shadow;
}

/**
 * One request as it came in. Token and request are read by functions, so that one that cannot be read is an outcome
 * like any other and leaves its audit event.
 */
export interface Attempt<Outcome, Answer> {
  /** Joins the answer, the audit event and, through the access key id, CloudTrail. */
  readonly vendId: string;
  /** The token and what came with it; throws `token_missing`, `token_malformed` or `request_invalid`. */
  readonly token: () => PresentedToken;
  /** Makes the answer. Within the attempt, so that what could not be answered is not written down as granted. */
  readonly present: (outcome: Outcome) => Answer;
}

/** An attempt to get credentials. */
export interface VendAttempt<Request extends VendRequest, Answer> extends Attempt<Vend<Request>, Answer> {
  /** What is asked for; throws `request_invalid` and its kin. */
  readonly request: () => Promise<Request>;
}

/** Credentials, the request that asked for them, and the grant that they were made from. */
export interface Vend<Request extends VendRequest = VendRequest> {
  readonly vendId: string;
  readonly request: Request;
  readonly grant: Grant;
  readonly credentials: VendedCredentials;
}

/** Who a token speaks for, and what they may ask for. */
export interface Identity {
  readonly caller: Caller;
  readonly tenant: Tenant;
  readonly profiles: readonly Profile[];
}

/** The two things that can be asked with a token. Both throw `VendingError` alone, and leave one audit event each. */
export interface Vending {
  vend<Request extends VendRequest, Answer>(attempt: VendAttempt<Request, Answer>): Promise<Answer>;
  whoami<Answer>(attempt: Attempt<Identity, Answer>): Promise<Answer>;
}

/** The one way through: token → Caller → Tenant and Profile → Grant → credentials. */
export function createVending(dependencies: VendingDependencies): Vending {
  const { verifier, registry, profiles, throttle, assumer, clock, deadlineMilliseconds, shadow } =
    dependencies;
  const audited = createAudited(dependencies.auditLog);

  /** An attempt that is answered in time: with what it came to, or with `deadline_exceeded`. */
  function inTime<T>(
    operation: VendingOperation,
    vendId: string,
    work: (note: Note, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const deadline = startDeadline(deadlineMilliseconds);
    return audited(operation, vendId, (note) => within(deadline, work(note, deadline)));
  }

  async function identify(
    token: PresentedToken,
    deadline: Deadline,
    note: Note,
  ): Promise<{ caller: Caller; tenant: Tenant }> {
    const caller = await verifier.verify(token, deadline);
    note({
      issuer: caller.issuer,
      subjectDigest: subjectDigest(caller),
      ...given('senderConstraint', caller.senderConstraint),
    });
    const tenant = await registry.findTenant(caller.tenant);
    if (tenant === undefined) throw new VendingError('tenant_unknown');
    note({ tenantId: tenant.tenantId });
    return { caller, tenant };
  }

  function profilesOf(tenant: Tenant): ReadonlyMap<string, Profile> {
    try {
      return profiles.profilesOf(tenant);
    } catch (cause) {
      // A profile of the tenant's own that should never have been written: refused for this tenant alone.
      throw new VendingError('record_invalid', { cause });
    }
  }

  /** A refusal has a shadow as a grant has: what is refused now might not be. */
  function decide(vend: DecidedVend, note: Note): Grant {
    const noteShadow = (decided: unknown) => note(given('shadow', shadow?.(vend, decided)));
    let grant: Grant;
    try {
      grant = decideGrant(vend.caller, vend.tenant, vend.profile, vend.request, clock);
    } catch (refusal) {
      noteShadow(refusal);
      throw refusal;
    }
    noteShadow(grant);
    return grant;
  }

  return {
    vend: ({ vendId, token, request: readRequest, present }) =>
      inTime('vend', vendId, async (note, deadline) => {
        const presented = token();
        const request = await readRequest();
        const { caller, tenant } = await identify(presented, deadline, note);
        const name = request.profile ?? tenant.defaultProfile;
        const profile = profilesOf(tenant).get(name);
        // Only one that exists: the name that a caller asked for can be anything.
        note(given('profile', profile?.name));
        const grant = decide({ caller, tenant, profile, request }, note);
        note(factsOf(grant));
        if ((await throttle.admit(tenant, caller, deadline)) === 'alone') note({ limits: 'alone' });
        const credentials = await assumer.assume(grant, deadline);
        note({
          accessKeyId: credentials.accessKeyId,
          stsRegion: credentials.stsRegion,
          ...given('packedPolicySize', credentials.packedPolicySize),
        });
        return present({ vendId, request, grant, credentials });
      }),

    whoami: ({ vendId, token, present }) =>
      inTime('whoami', vendId, async (note, deadline) => {
        const { caller, tenant } = await identify(token(), deadline, note);
        if (tenant.status !== 'active') throw new VendingError('tenant_inactive');
        const known = profilesOf(tenant);
        const granted = tenant.profiles
          .map((name) => known.get(name))
          .filter((profile) => profile !== undefined);
        return present({ caller, tenant, profiles: granted });
      }),
  };
}

function factsOf(grant: Grant): Facts {
  const { profile, roleArn, roleSessionName, durationSeconds, sourceIdentity } = grant;
  return {
    profile,
    roleArn,
    roleSessionName,
    durationSeconds,
    policyDigest: policyDigest(grant),
    ...given('sourceIdentity', sourceIdentity),
  };
}

/** The member if there is a value: an event says nothing of what there is not. */
function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
