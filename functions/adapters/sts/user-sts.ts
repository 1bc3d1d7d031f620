import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { LRUCache } from 'lru-cache';
import type { Deadline } from '../../core/deadline.ts';
import { VendingError } from '../../core/errors.ts';
import type { LongTermKeys, UserKeys } from '../../core/ports.ts';
import { isSameKey } from '../secrets/long-term-keys.ts';
import { createRegionalSts, type RegionalSts, type RegionalStsOptions } from './regional-sts.ts';
import { isRefusalOfKeys } from './user-failure.ts';
import { unusable } from './vended-answer.ts';

/** Each keeps connections of its own. */
const MAX_USERS = 100;

/** Where STS is asked, and where users' keys come from. */
export interface UserStsOptions extends Omit<RegionalStsOptions, 'credentials'> {
  readonly keys: UserKeys;
}

/** STS as one IAM user or another asks it. */
export interface UserSts {
  /**
   * What work comes to with the user's keys; done once more with others if STS refuses them, as after a rotation. Throws
   * `user_keys_unavailable`, and `user_mismatch` if they are another user's: then nothing has been asked with them.
   */
  as<T>(userArn: string, deadline: Deadline, work: (sts: RegionalSts) => Promise<T>): Promise<T>;
}

interface KnownUser {
  readonly keys: LongTermKeys;
  readonly sts: RegionalSts;
}

/** The bounded few that were asked as last are remembered, each until its keys change. */
export function createUserSts({ keys, ...access }: UserStsOptions): UserSts {
  const known = new LRUCache<string, KnownUser>({ max: MAX_USERS });

  async function stsWith(own: LongTermKeys, userArn: string, deadline: Deadline): Promise<RegionalSts> {
    const user = known.get(userArn);
    if (user !== undefined && isSameKey(user.keys, own)) return user.sts;
    const { accessKeyId, secretAccessKey } = own;
    const credentials = { accessKeyId, secretAccessKey: secretAccessKey.reveal(), sessionToken: undefined };
    const sts = createRegionalSts({ ...access, credentials });
    // A key is the same user's for ever. Somebody may have stored it under another's name.
    const { arn } = await identityOf(sts, deadline);
    if (arn !== userArn) throw userMismatch('the stored keys are of another IAM user');
    known.set(userArn, { keys: own, sts });
    return sts;
  }

  return {
    async as(userArn, deadline, work) {
      const attempt = async (stored: LongTermKeys) => work(await stsWith(stored, userArn, deadline));
      const own = await keys.keysOf(userArn, deadline);
      try {
        return await attempt(own);
      } catch (refusal) {
        if (!isRefusalOfKeys(refusal)) throw refusal;
        const others = await keys.keysOf(userArn, deadline, own);
        if (isSameKey(others, own)) throw keysRefused(refusal);
        return await attempt(others).catch((failure) => {
          throw isRefusalOfKeys(failure) ? keysRefused(failure) : failure;
        });
      }
    },
  };
}

/** Whose credentials STS is asked with. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
async function identityOf(
  sts: RegionalSts,
  deadline: Deadline,
): Promise<{ readonly arn: string; readonly userId: string }> {
  return sts.ask({
    send: (client, options) => client.send(new GetCallerIdentityCommand({}), options),
    read: ({ Arn, UserId }) => {
      if (!Arn || !UserId) throw unusable('the answer of STS lacks a part of the identity');
      return { arn: Arn, userId: UserId };
    },
    deadline,
  });
}

/** The failure for keys that would open another user's data. */
export function userMismatch(cause: string): VendingError {
  return new VendingError('user_mismatch', { cause });
}

function keysRefused({ cause }: VendingError): VendingError {
  return new VendingError('user_keys_unavailable', {
    detail: 'AWS refuses the long-term keys of the IAM user that are stored: rotated, deactivated or deleted',
    retryAfterSeconds: 1,
    cause,
  });
}
