import { accountOf } from '../core/arn.ts';
import type { ConsoleSession } from '../core/console/console-sessions.ts';
import type { Decoded } from '../core/decoding.ts';
import {
  containerForm,
  environmentForm,
  type OpenCredentials,
  processForm,
} from '../core/grant/credential-forms.ts';
import { revealed } from '../core/grant/credentials.ts';
import { functionFor } from '../core/grant/method.ts';
import { inWholeSeconds } from '../core/instant.ts';
import type { Profile } from '../core/profile/profile.ts';
import { ROUTES } from '../core/routes.ts';
import type { Identity, Vend } from '../core/vending.ts';
import type {
  ConsoleAnswer,
  ContainerAnswer,
  DecodeAnswer,
  ProcessAnswer,
  VendAnswer,
  WhoamiAnswer,
} from './answers.ts';
import type { Format } from './vend-request.ts';

/** A body and its media type. */
export interface Presentation {
  readonly contentType: 'application/json' | 'text/plain; charset=utf-8';
  readonly body: string;
}

/** Vended credentials in the form that was asked for. */
export function presentVend(vend: Vend, format: Format): Presentation {
  switch (format) {
    case 'sdk':
      return json(sdkAnswer(vend));
    case 'container':
      return json(containerForm(open(vend)) satisfies ContainerAnswer);
    case 'process':
      return json(processForm(open(vend)) satisfies ProcessAnswer);
    case 'env':
      return { contentType: 'text/plain; charset=utf-8', body: environmentForm(open(vend)) };
  }
}

/** What is known of the caller, and what STS says of credentials that were vended to see. */
export function presentIdentity(
  { caller, tenant, profiles }: Identity,
  verified?: WhoamiAnswer['verified'],
): Presentation {
  const answer: WhoamiAnswer = {
    tenantId: tenant.tenantId,
    displayName: tenant.displayName,
    issuer: caller.issuer,
    subject: caller.subject,
    scopes: [...caller.scopes],
    tokenValidUntil: inWholeSeconds(caller.validUntil),
    defaultProfile: tenant.defaultProfile,
    profiles: profiles.map((profile) => profileAnswer(profile, caller)),
    ...(verified === undefined ? {} : { verified }),
  };
  return json(answer);
}

/** The link, and whose it is. */
export function presentConsoleSession(
  { vendId, grant, credentials }: Vend,
  { url, expiration }: ConsoleSession,
): Presentation {
  const answer: ConsoleAnswer = {
    vendId,
    tenantId: grant.tenantId,
    profile: grant.profile,
    assumedRoleUser: credentials.assumedRoleUser,
    url: url.reveal(),
    expiration: inWholeSeconds(expiration),
    credentialsExpiration: inWholeSeconds(credentials.expiration),
  };
  return json(answer);
}

/** What AWS says of a denial. */
export function presentDecoded({ vendId, tenant, message }: Decoded): Presentation {
  const answer: DecodeAnswer = { vendId, tenantId: tenant.tenantId, decodedMessage: message };
  return json(answer);
}

function profileAnswer(profile: Profile, { scopes }: Identity['caller']): WhoamiAnswer['profiles'][number] {
  const { name, description, method, webIdentityToken, mfa } = profile;
  const { durationSeconds, scope, requiredScopes } = profile;
  return {
    name,
    description,
    method,
    webIdentityToken,
    route: ROUTES[functionFor(profile)],
    mfa,
    durationSeconds,
    scope: Object.fromEntries(
      [...scope].map(([key, parameter]) => [key, { ...parameter, pattern: parameter.pattern.source }]),
    ),
    requiredScopes: [...requiredScopes],
    missingScopes: requiredScopes.filter((required) => !scopes.has(required)),
  };
}

function sdkAnswer({ vendId, grant, credentials }: Vend): VendAnswer {
  const { expiration, form } = credentials;
  return {
    vendId,
    tenantId: grant.tenantId,
    profile: grant.profile,
    credentials: { ...revealed(credentials), expiration: inWholeSeconds(expiration) },
    assumedRoleUser: credentials.assumedRoleUser,
    federatedUser: credentials.federatedUser,
    user: credentials.user,
    identity: credentials.identity,
    packedPolicySize: credentials.packedPolicySize,
    sourceIdentity: credentials.sourceIdentity,
    sessionTags: Object.fromEntries(form.tags.map(({ key, value }) => [key, value])),
    ...(form.droppedTags.length === 0 ? {} : { droppedTags: [...form.droppedTags] }),
  };
}

function open({ credentials, grant }: Vend): OpenCredentials {
  return {
    ...revealed(credentials),
    expiration: credentials.expiration,
    accountId: accountOf(grant.roleArn ?? grant.userArn ?? '') ?? '',
  };
}

function json(answer: unknown): Presentation {
  return { contentType: 'application/json', body: JSON.stringify(answer) };
}
