import { VendingError } from '../errors.ts';
import type { Caller } from '../token/caller.ts';
import { isAwsSignIn, isForAws } from './assertion-audience.ts';
import { assertTimes } from './assertion-times.ts';
import { type AssertionAttribute, readAwsAttributes } from './aws-attributes.ts';
import type { SamlProvider } from './saml-provider.ts';

/** What an assertion says that its provider has signed, as it is written (SAML 2.0 Core, 2.3.3). */
export interface Assertion {
  readonly id: string;
  readonly issuer: string;
  readonly issueInstant: string;
  /** The text of its NameID. */
  readonly subject: string;
  /** Of its one SubjectConfirmation. */
  readonly confirmation: Span & { readonly method: string; readonly recipient: string | undefined };
  readonly conditions: Span & {
    /** The audiences of each AudienceRestriction. */
    readonly audienceRestrictions: readonly (readonly string[])[];
  };
  /** `SessionNotOnOrAfter` of its AuthnStatements. */
  readonly sessionEnds: readonly string[];
  readonly attributes: readonly AssertionAttribute[];
}

interface Span {
  readonly notBefore: string | undefined;
  readonly notOnOrAfter: string | undefined;
}

/** Whom an assertion speaks for, and which roles it lets them have. */
export interface Asserted {
  readonly caller: Caller;
  readonly roles: readonly string[];
}

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
/** An NCName (SAML 2.0 Core, 1.3.4), and no longer than any real one. */
const ID = /^[A-Za-z_][\w.-]{0,255}$/;
const SUBJECT_MAX_LENGTH = 256;

/**
 * The caller that a provider's assertion speaks for: made out to AWS, to its bearer, and in force. Throws `assertion_invalid` and
 * `assertion_expired`. Where it was sent to, and in answer to what, stands outside of what is signed, or is left out by providers
 * that were not asked: nothing depends on it. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
 */
export function readAsserted(assertion: Assertion, provider: SamlProvider, now: Date): Asserted {
  const { id, issuer, subject, confirmation, conditions } = assertion;
  const { entityId, providerArn, tenantId } = provider;
  if (issuer !== entityId) throw invalid('its issuer is another one than that of the response');
  if (!ID.test(id)) throw invalid('its ID is none');
  if (!isForAws(conditions.audienceRestrictions, providerArn)) throw invalid('its audience is not AWS');
  if (confirmation.method !== BEARER) throw invalid('it is not for its bearer');
  if (!isAwsSignIn(confirmation.recipient ?? '', providerArn))
    throw invalid('its recipient is not AWS Sign-In');
  const validUntil = assertTimes(timesOf(assertion), now);
  if (subject.trim() === '' || subject.length > SUBJECT_MAX_LENGTH)
    throw invalid(`its NameID is not a text of 1 to ${SUBJECT_MAX_LENGTH} characters`);
  const { roles, carried } = readAwsAttributes(assertion.attributes);
  if (carried !== 'unreadable' && carried.roleSessionName === undefined)
    throw invalid('it has no RoleSessionName, without which AWS takes none');
  const caller = Object.freeze<Caller>({
    issuer: entityId,
    subject,
    tenant: { kind: 'tenant', issuer: entityId, tenantId },
    scopes: new Set<string>(),
    clientId: undefined,
    tokenId: id,
    validUntil,
    senderConstraint: undefined,
    carried,
    samlProviderArn: providerArn,
  });
  return { caller, roles };
}

function timesOf({ issueInstant, confirmation, conditions, sessionEnds }: Assertion) {
  const windows = [confirmation, conditions];
  const ends = windows.map(({ notOnOrAfter }) => notOnOrAfter);
  // SAML 2.0 Profiles, 4.1.4.2, demands the one; no assertion without the other ends by itself.
  if (ends.includes(undefined))
    throw invalid('it has no NotOnOrAfter, of its conditions or its confirmation');
  return {
    issueInstant,
    starts: windows.flatMap(({ notBefore }) => notBefore ?? []),
    ends: [...ends.filter((end) => end !== undefined), ...sessionEnds],
  };
}

function invalid(cause: string): VendingError {
  return new VendingError('assertion_invalid', { cause });
}
