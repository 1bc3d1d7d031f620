import { type AttemptDependencies, createAttempts } from './attempts.ts';
import type { VendingOperation } from './audit-event.ts';
import { factsOf, factsOfForm, given } from './audit-facts.ts';
import type { Note } from './audited.ts';
import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { VendingError } from './errors.ts';
import type { VendedCredentials } from './grant/credentials.ts';
import { decideGrant, type Grant } from './grant/grant.ts';
import { functionFor, type VendingFunction } from './grant/method.ts';
import type { DecidedVend, Shadow } from './grant/shadow.ts';
import type { VendRequest } from './grant/vend-request.ts';
import type { RoleAssumer, VendThrottle } from './ports.ts';
import type { Profile } from './profile/profile.ts';
import type { ProfileBook } from './profile/profile-book.ts';
import { ROUTES } from './routes.ts';
import type { Secret } from './secret.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { Caller } from './token/caller.ts';
import type { PresentedToken } from './token/presented-token.ts';

/** What a caller shows of itself: an access token with what comes along, or a SAML assertion. */
export interface Presented {
  readonly token: Secret;
}

/** Everything outside that a vend touches, and the profiles of this deployment. */
export interface VendingDependencies<P extends Presented> extends AttemptDependencies<P> {
  /** Which of the functions this is: profiles of the others are not vended. */
  readonly function: VendingFunction;
  readonly profiles: ProfileBook;
  readonly throttle: VendThrottle;
  readonly assumer: RoleAssumer;
  readonly clock: Clock;
  /** Told of every decision, for its audit event; changes none. */
  readonly shadow?: Shadow;
}

/**
 * One request as it came in. Token and request are read by functions, so that one that cannot be read is an outcome
 * like any other and leaves its audit event.
 */
export interface Attempt<P extends Presented, Outcome, Answer> {
  /** Joins the answer, the audit event and, through the access key id, CloudTrail. */
  readonly vendId: string;
  /** The token and what came with it; throws `token_missing`, `token_malformed` or `request_invalid`. */
  readonly token: () => P | Promise<P>;
  /** Makes the answer. Within the attempt, so that what could not be answered is not written down as granted. */
  readonly present: (outcome: Outcome, deadline: Deadline) => Answer | Promise<Answer>;
}

/** An attempt to get credentials. */
export interface VendAttempt<P extends Presented, Request extends VendRequest, Answer>
  extends Attempt<P, Vend<Request>, Answer> {
  /** What the credentials are for, for the audit log; left out, to be handed out. */
  readonly operation?: VendingOperation;
  /** What is asked for; throws `request_invalid` and its kin. */
  readonly request: () => Promise<Request>;
  /** Throws a `VendingError` for a grant that could not be answered with: before STS is asked for it. */
  readonly accept?: (granted: Granted<Request>) => void;
}

/** A request, and the grant that was decided for it. */
export interface Granted<Request extends VendRequest = VendRequest> extends Identity {
  readonly vendId: string;
  readonly request: Request;
  readonly grant: Grant;
}

/** The same with the credentials that were made from the grant. */
export interface Vend<Request extends VendRequest = VendRequest> extends Granted<Request> {
  readonly credentials: VendedCredentials;
}

/** Who a token speaks for, and what they may ask for. */
export interface Identity {
  readonly caller: Caller;
  readonly tenant: Tenant;
  readonly profiles: readonly Profile[];
}

/** The two things that can be asked with a token. Both throw `VendingError` alone, and leave one audit event each. */
export interface Vending<P extends Presented = PresentedToken> {
  vend<Request extends VendRequest, Answer>(attempt: VendAttempt<P, Request, Answer>): Promise<Answer>;
  whoami<Answer>(attempt: Attempt<P, Identity, Answer>): Promise<Answer>;
}

/** The one way through: token → Caller → Tenant and Profile → Grant → credentials. */
export function createVending<P extends Presented>(dependencies: VendingDependencies<P>): Vending<P> {
  const { profiles, throttle, assumer, clock, shadow } = dependencies;
  const { inTime, identify } = createAttempts(dependencies);

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

  /** The least privilege of each function is its own; what another one makes is not made here by other means. */
  function assertVendedHere(tenant: Tenant, profile: Profile | undefined): void {
    // What the tenant may not have is refused as what does not exist: by `decideGrant`.
    if (tenant.status !== 'active' || !profile || !tenant.profiles.includes(profile.name)) return;
    const home = functionFor(profile);
    if (home === dependencies.function) return;
    throw new VendingError('profile_elsewhere', { detail: `this profile is vended by POST ${ROUTES[home]}` });
  }

  return {
    vend: ({ vendId, operation = 'vend', token, request: readRequest, accept, present }) =>
      inTime(operation, vendId, async (note, deadline) => {
        const presented = await token();
        const request = await readRequest();
        const { caller, tenant } = await identify(presented, deadline, note);
        const known = profilesOf(tenant);
        const profile = known.get(request.profile ?? tenant.defaultProfile);
        // Only one that exists: the name that a caller asked for can be anything.
        note(given('profile', profile?.name));
        assertVendedHere(tenant, profile);
        const grant = decide({ caller, tenant, profile, request }, note);
        note(factsOf(grant));
        const profiles = grantedProfiles(tenant, known);
        const granted = { vendId, request, caller, tenant, profiles, grant };
        accept?.(granted);
        if ((await throttle.admit(tenant, caller, deadline)) === 'alone') note({ limits: 'alone' });
        const credentials = await assumer.assume(grant, presented.token, deadline);
        note({
          accessKeyId: credentials.accessKeyId,
          stsRegion: credentials.stsRegion,
          ...given('packedPolicySize', credentials.packedPolicySize),
          ...factsOfForm(grant, credentials.form),
        });
        return present({ ...granted, credentials }, deadline);
      }),

    whoami: ({ vendId, token, present }) =>
      inTime('whoami', vendId, async (note, deadline) => {
        const { caller, tenant } = await identify(await token(), deadline, note);
        if (tenant.status !== 'active') throw new VendingError('tenant_inactive');
        const granted = grantedProfiles(tenant, profilesOf(tenant));
        return present({ caller, tenant, profiles: granted }, deadline);
      }),
  };
}

function grantedProfiles(tenant: Tenant, known: ReadonlyMap<string, Profile>): readonly Profile[] {
  return tenant.profiles.map((name) => known.get(name)).filter((profile) => profile !== undefined);
}
