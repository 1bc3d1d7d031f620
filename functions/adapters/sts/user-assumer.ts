import { GetFederationTokenCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import type { Deadline } from '../../core/deadline.ts';
import { VendingError } from '../../core/errors.ts';
import type { VendedCredentials } from '../../core/grant/credentials.ts';
import type { Grant } from '../../core/grant/grant.ts';
import type { RoleAssumer } from '../../core/ports.ts';
import { createCallerIdentifier } from './caller-identifier.ts';
import type { RegionalSts } from './regional-sts.ts';
import { assumeRole, policyInput } from './role-assumer.ts';
import { userFailure } from './user-failure.ts';
import { createUserSts, type UserStsOptions, userMismatch } from './user-sts.ts';
import { readCredentials, unusable } from './vended-answer.ts';

/**
 * Grants into credentials, by IAM users with their long-term keys: GetFederationToken, GetSessionToken, and AssumeRole with MFA, since AWS
 * takes an MFA code only of the user whose device it is. Throws `user_keys_unavailable`, `user_mismatch` and `mfa_refused` besides.
 */
export function createUserAssumer({ keys, ...access }: UserStsOptions): RoleAssumer {
  const users = createUserSts({ keys, ...access });
  const identifier = createCallerIdentifier(access);

  /** Of these sessions STS says nothing but keys: whose they are is asked with them. */
  async function identified(vended: VendedCredentials, userArn: string, deadline: Deadline) {
    const { arn, userId } = await identifier.identify(vended, deadline);
    if (arn !== userArn) throw userMismatch('the session is of another IAM user');
    return { ...vended, user: { arn, userId } };
  }

  return {
    async assume(grant, _token, deadline) {
      const { userArn, method } = grant;
      if (userArn === undefined) throw notByUser();
      const make = makerOf(grant);
      const vended = await users.as(userArn, deadline, async (sts) => {
        try {
          return await make(sts, grant, deadline);
        } catch (failure) {
          throw userFailure(failure, grant);
        }
      });
      return method === 'sessionToken' ? identified(vended, userArn, deadline) : vended;
    },
  };
}

type Make = (sts: RegionalSts, grant: Grant, deadline: Deadline) => Promise<VendedCredentials>;

function makerOf({ method, mfa }: Grant): Make {
  if (method === 'federationToken') return federate;
  if (method === 'sessionToken') return openSession;
  if (method === 'assumeRole' && mfa !== undefined) return assumeRole;
  throw notByUser();
}

/** A fault of ours: such a grant is made by another function. */
function notByUser(): VendingError {
  return new VendingError('internal_error', { cause: 'the grant is none that an IAM user is asked for' });
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
async function federate(sts: RegionalSts, grant: Grant, deadline: Deadline): Promise<VendedCredentials> {
  const { roleSessionName, durationSeconds, tags } = grant;
  const input = {
    Name: roleSessionName,
    DurationSeconds: durationSeconds,
    ...policyInput(grant),
    Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
  };
  return sts.ask({
    send: (client, options) => client.send(new GetFederationTokenCommand(input), options),
    read: (answer, region) => {
      const { Arn, FederatedUserId } = answer.FederatedUser ?? {};
      if (!Arn || !FederatedUserId) throw unusable('the answer of STS lacks the federated user');
      if (!Arn.endsWith(`:federated-user/${roleSessionName}`))
        throw unusable('the answer of STS is of another session');
      const federatedUser = { arn: Arn, federatedUserId: FederatedUserId };
      return { ...readCredentials(answer, grant, region), federatedUser };
    },
    deadline,
  });
}

/** It takes no policy: the user's own is the bound. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
async function openSession(sts: RegionalSts, grant: Grant, deadline: Deadline): Promise<VendedCredentials> {
  const { durationSeconds, mfa } = grant;
  const input = {
    DurationSeconds: durationSeconds,
    ...(mfa === undefined ? {} : { SerialNumber: mfa.serialNumber, TokenCode: mfa.tokenCode.reveal() }),
  };
  return sts.ask({
    send: (client, options) => client.send(new GetSessionTokenCommand(input), options),
    read: (answer, region) => readCredentials(answer, grant, region),
    deadline,
    once: mfa !== undefined,
    secrets: mfa === undefined ? [] : [mfa.tokenCode],
  });
}
