import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import type { Deadline } from '../../core/deadline.ts';
import { type ErrorCode, VendingError } from '../../core/errors.ts';
import type { VendedCredentials } from '../../core/grant/credentials.ts';
import type { Grant } from '../../core/grant/grant.ts';
import type { RoleAssumer } from '../../core/ports.ts';
import type { Secret } from '../../core/secret.ts';
import { subjectFor } from '../../core/self-issued/identity-token.ts';
import type { TokenIssuer } from '../../core/self-issued/token-issuer.ts';
import { createRegionalSts, type RegionalSts, type RegionalStsOptions } from './regional-sts.ts';
import { policyInput } from './role-assumer.ts';
import { readAssumedRoleUser, readCredentials, unusable } from './vended-answer.ts';

/** Where STS is asked, and who signs. */
export interface WebIdentityAssumerOptions extends RegionalStsOptions {
  /** Undefined where the deployment signs no tokens: grants that need one are refused. */
  readonly tokenIssuer: TokenIssuer | undefined;
}

/**
 * Grants into credentials, by AssumeRoleWithWebIdentity: with the caller's own token, or with one that Latchkey signs for the grant
 * and that goes to STS and nowhere else. A call without a signature; its sessions are not chained, and last as long as the role allows.
 * Throws `issuer_off`, `signing_unavailable` and what STS refuses. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function createWebIdentityAssumer({
  tokenIssuer,
  ...options
}: WebIdentityAssumerOptions): RoleAssumer {
  // Each with circuits of its own: STS waits for a tenant's issuer that is slow, and then seems slow itself.
  const forCallers = createRegionalSts(options);
  const forLatchkey = createRegionalSts(options);
  return {
    async assume(grant, token, deadline) {
      switch (grant.webIdentityToken) {
        case 'caller':
          return ask(forCallers, { grant, token, deadline, expired: 'token_expired' });
        case 'latchkey': {
          if (tokenIssuer === undefined) throw new VendingError('issuer_off');
          const own = await tokenIssuer.tokenFor(grant, deadline);
          const credentials = await ask(forLatchkey, {
            grant,
            token: own,
            deadline,
            expired: 'identity_refused',
          });
          if (credentials.identity?.subject !== subjectFor(grant.tenantId))
            throw unusable('the answer of STS is of another subject');
          return credentials;
        }
        case undefined:
          throw new VendingError('internal_error', { cause: 'the grant is not by a web identity token' });
      }
    },
  };
}

interface Question {
  readonly grant: Grant;
  readonly token: Secret;
  readonly deadline: Deadline;
  /** What it means that STS finds the token expired. */
  readonly expired: ErrorCode;
}

async function ask(
  sts: RegionalSts,
  { grant, token, deadline, expired }: Question,
): Promise<VendedCredentials> {
  // Tags and source identity are in the token: STS takes none beside it.
  const input = {
    RoleArn: grant.roleArn,
    RoleSessionName: grant.roleSessionName,
    DurationSeconds: grant.durationSeconds,
    ...policyInput(grant),
  };
  return sts.ask({
    send: (client, options) =>
      client.send(
        new AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken: token.reveal() }),
        options,
      ),
    read: (answer, region) => read(answer, grant, region),
    deadline,
    secrets: [token],
    expired,
  });
}

function read(
  answer: AssumeRoleWithWebIdentityCommandOutput,
  grant: Grant,
  region: string,
): VendedCredentials {
  return {
    ...readCredentials(answer, grant, region),
    assumedRoleUser: readAssumedRoleUser(answer.AssumedRoleUser, grant),
    identity: {
      subject: answer.SubjectFromWebIdentityToken,
      audience: answer.Audience,
      provider: answer.Provider,
    },
  };
}
