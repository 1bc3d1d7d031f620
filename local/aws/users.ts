import { createHash } from 'node:crypto';
import type { Policy } from '../../policy/policy.ts';
import { type InlinePolicy, parseIdentityPolicy, parseInlinePolicies } from './roles.ts';
import type { Sessions, UserKey } from './session.ts';
import { createMfaDevice, type MfaDevice } from './sts/mfa-device.ts';

/** An IAM user as one writes it down: policy documents out of JSON, in any account. */
export interface UserDefinition {
  /** `arn:aws:iam::111122223333:user/latchkey-federation` */
  readonly arn: string;
  /** The user's own permissions, by name. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** The managed policy beyond which no other gives the user anything; left out, there is none. */
  readonly boundary?: unknown;
  /** Long-term keys: `AKIA` and 16 characters more, and a secret. */
  readonly accessKeys: readonly { readonly accessKeyId: string; readonly secretAccessKey: string }[];
  /** Virtual ones, each with the base32 secret that an authenticator app was given; left out, there are none. */
  readonly mfaDevices?: readonly { readonly serialNumber: string; readonly secret: string }[];
}

/** An IAM user of a local account, the policies parsed. It has no tags. */
export interface LocalUser {
  readonly arn: string;
  /** `AIDA…`, always the same for the same ARN. */
  readonly id: string;
  /** The user's own permissions by name, as they are now. */
  readonly policies: Map<string, InlinePolicy>;
  readonly boundary: Policy | undefined;
  readonly accessKeys: UserDefinition['accessKeys'];
  /** By serial number. */
  readonly mfaDevices: ReadonlyMap<string, MfaDevice>;
}

/** Every user of the local accounts by ARN. */
export type Users = ReadonlyMap<string, LocalUser>;

const USER_ARN = /^arn:aws[\w-]*:iam::\d{12}:user\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;
const ACCESS_KEY_ID = /^AKIA[A-Z2-7]{16}$/;
const USER_ID_CHARACTERS = 17;

/** Parses users; throws on an ARN that is no user's, a key or device that IAM would not have, and with a PolicyError on a policy. */
export function parseUsers(definitions: readonly UserDefinition[]): Map<string, LocalUser> {
  return new Map(definitions.map((definition) => [definition.arn, parseUser(definition)]));
}

/** Makes the doors that share `sessions` know the users' long-term keys; throws on a key that is somebody's already. */
export function openUserKeys(users: Users, sessions: Sessions): void {
  for (const user of users.values()) {
    for (const credentials of user.accessKeys) {
      const { accessKeyId } = credentials;
      if (sessions.has(accessKeyId))
        throw new Error(`${user.arn}: got the access key id ${accessKeyId}, expected one that is not in use`);
      sessions.set(accessKeyId, keyOf(user, credentials));
    }
  }
}

function keyOf(user: LocalUser, credentials: UserKey['credentials']): UserKey {
  return {
    kind: 'user',
    credentials,
    // A key has no time of issue that any context would tell.
    issuedAt: new Date(0),
    entityArn: user.arn,
    arn: user.arn,
    userId: user.id,
    entity: user,
    sourceIdentity: undefined,
    tags: {},
    transitiveTagKeys: [],
    sessionPolicies: undefined,
    mfaAuthenticatedAt: undefined,
    federation: undefined,
    chained: false,
  };
}

function parseUser({ arn, policies, boundary, accessKeys, mfaDevices = [] }: UserDefinition): LocalUser {
  if (!USER_ARN.test(arn)) throw new Error(`user: got ${arn}, expected the ARN of an IAM user`);
  for (const { accessKeyId } of accessKeys) {
    if (!ACCESS_KEY_ID.test(accessKeyId))
      throw new Error(`${arn}: got the access key id ${accessKeyId}, expected AKIA and 16 of A-Z and 2-7`);
  }
  return {
    arn,
    id: `AIDA${createHash('sha256').update(arn).digest('hex').toUpperCase().slice(0, USER_ID_CHARACTERS)}`,
    policies: parseInlinePolicies(policies, arn),
    boundary: boundary === undefined ? undefined : parseIdentityPolicy(boundary, `boundary of ${arn}`),
    accessKeys,
    mfaDevices: new Map(mfaDevices.map((device) => [device.serialNumber, createMfaDevice(device)])),
  };
}
