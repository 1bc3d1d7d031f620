import {
  containerForm,
  environmentForm,
  type OpenCredentials,
  processForm,
} from '../core/grant/credential-forms.ts';
import { revealed } from '../core/grant/credentials.ts';
import { inWholeSeconds } from '../core/instant.ts';
import type { Identity, Vend } from '../core/vending.ts';
import type { ContainerAnswer, ProcessAnswer, VendAnswer, WhoamiAnswer } from './answers.ts';
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

/** What is known of the caller. */
export function presentIdentity({ caller, tenant, profiles }: Identity): Presentation {
  const answer: WhoamiAnswer = {
    tenantId: tenant.tenantId,
    displayName: tenant.displayName,
    issuer: caller.issuer,
    subject: caller.subject,
    scopes: [...caller.scopes],
    tokenValidUntil: inWholeSeconds(caller.validUntil),
    defaultProfile: tenant.defaultProfile,
    profiles: profiles.map(({ name, description, durationSeconds, scope, requiredScopes }) => ({
      name,
      description,
      durationSeconds,
      scope: Object.fromEntries(
        [...scope].map(([key, parameter]) => [key, { ...parameter, pattern: parameter.pattern.source }]),
      ),
      requiredScopes: [...requiredScopes],
      missingScopes: requiredScopes.filter((required) => !caller.scopes.has(required)),
    })),
  };
  return json(answer);
}

function sdkAnswer({ vendId, grant, credentials }: Vend): VendAnswer {
  const { expiration, assumedRoleUser } = credentials;
  return {
    vendId,
    tenantId: grant.tenantId,
    profile: grant.profile,
    credentials: { ...revealed(credentials), expiration: inWholeSeconds(expiration) },
    assumedRoleUser,
    packedPolicySize: credentials.packedPolicySize,
    sourceIdentity: credentials.sourceIdentity,
    sessionTags: Object.fromEntries(grant.tags.map(({ key, value }) => [key, value])),
  };
}

function open({ credentials, grant }: Vend): OpenCredentials {
  return {
    ...revealed(credentials),
    expiration: credentials.expiration,
    accountId: accountOf(grant.roleArn),
  };
}

/** `arn:aws:iam::111122223333:role/…` → `111122223333` */
function accountOf(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}

function json(answer: unknown): Presentation {
  return { contentType: 'application/json', body: JSON.stringify(answer) };
}
