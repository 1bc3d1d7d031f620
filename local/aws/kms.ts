import * as z from 'zod/mini';
import type { ContextFacts } from '../../policy/context.ts';
import { AwsError } from './aws-error.ts';
import type { Door } from './door.ts';
import { createJsonDoor, type JsonCall, type JsonDoorOptions, parseMembers } from './json-door.ts';
import type { KmsKey, KmsKeys } from './kms/keys.ts';
import { algorithmsOf, SIGNERS, SIGNING_ALGORITHMS } from './kms/signature.ts';
import { accountOf } from './session.ts';

/** What the local KMS is made with. */
export interface KmsOptions extends JsonDoorOptions {
  /** All of `account` and `region`. */
  readonly keys: KmsKeys;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const MESSAGE_MAX_BYTES = 4096;

const KeyId = z.string().check(z.minLength(1), z.maxLength(2048));
const getPublicKeyInput = z.strictObject({ KeyId });
const signInput = z.strictObject({
  KeyId,
  Message: z.base64().check(z.minLength(1)),
  MessageType: z.optional(z.enum(['RAW', 'DIGEST'])),
  SigningAlgorithm: z.enum(SIGNING_ALGORITHMS),
});

/** Condition keys of KMS that no request to this door has. */
const ABSENT_IN_KMS = ['kms:ViaService', 'kms:MultiRegionKeyType'];

/**
 * A KMS whose asymmetric keys sign for sessions that may sign with them: Sign and GetPublicKey, by key id, alias or ARN. Keys are taken to
 * have the key policy that leaves the say to the account's own policies, as one without another has
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). What it does not know it refuses.
 */
export function createKmsDoor(options: KmsOptions): Door {
  return createJsonDoor(
    {
      service: 'kms',
      targetPrefix: 'TrentService.',
      contentType: 'application/x-amz-json-1.1',
      errorNamespace: 'com.amazonaws.kms',
      operations: {
        GetPublicKey: (call) => getPublicKey(call, options),
        Sign: (call) => sign(call, options),
      },
    },
    options,
  );
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html; of the algorithms, those that this KMS signs with. */
async function getPublicKey(call: JsonCall, options: KmsOptions): Promise<object> {
  const { KeyId: reference } = parseMembers(getPublicKeyInput, call.body);
  const { key, arn } = openKey(call, 'kms:GetPublicKey', reference, options, {
    values: {},
    absent: ['kms:SigningAlgorithm', 'kms:MessageType'],
  });
  const { publicKey } = await key.pair();
  return {
    KeyId: arn,
    PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: algorithmsOf(key.keySpec),
  };
}

async function sign(call: JsonCall, options: KmsOptions): Promise<object> {
  const input = parseMembers(signInput, call.body);
  const { MessageType, SigningAlgorithm } = input;
  const message = Buffer.from(input.Message, 'base64');
  const { key, arn } = openKey(call, 'kms:Sign', input.KeyId, options, {
    values: {
      'kms:SigningAlgorithm': SigningAlgorithm,
      // Whether a default counts as sent is not documented: left out, it is neither known nor absent.
      ...(MessageType !== undefined && { 'kms:MessageType': MessageType }),
    },
  });
  const { keySpec, digestBytes, signMessage, signDigest } = SIGNERS[SigningAlgorithm];
  if (keySpec !== key.keySpec) {
    throw new AwsError(
      'InvalidKeyUsageException',
      400,
      `Algorithm ${SigningAlgorithm} is incompatible with key spec ${key.keySpec}.`,
    );
  }
  const { privateKey } = await key.pair();
  if (MessageType === 'DIGEST') {
    if (message.length !== digestBytes)
      throw validationError(`Digest is invalid length for algorithm ${SigningAlgorithm}.`);
    return answer(signDigest(message, privateKey));
  }
  if (message.length > MESSAGE_MAX_BYTES) {
    throw validationError(
      `1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length less than or equal to ${MESSAGE_MAX_BYTES}`,
    );
  }
  return answer(signMessage(message, privateKey));

  function answer(signature: Buffer) {
    return { KeyId: arn, Signature: signature.toString('base64'), SigningAlgorithm };
  }
}

/** The key that a request names, when its session may do `action` with it. Of an alias that is not there everybody is told. */
function openKey(
  { session, authorize }: JsonCall,
  action: string,
  reference: string,
  { keys, account, region }: KmsOptions,
  { values, absent = [] }: ContextFacts,
): { readonly key: KmsKey; readonly arn: string } {
  const prefix = `arn:aws:kms:${region}:${account}:`;
  const local = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  const alias = local.startsWith('alias/') ? local : undefined;
  const key = keys.find(({ id, aliases }) =>
    alias === undefined ? [id, `${prefix}key/${id}`].includes(reference) : aliases.includes(alias),
  );
  if (alias !== undefined && key === undefined) throw notFound(`Alias ${prefix}${alias} is not found.`);
  const arn = key || !reference.startsWith('arn:') ? `${prefix}key/${key?.id ?? reference}` : reference;
  authorize(session, action, arn, {
    values: {
      'kms:CallerAccount': accountOf(session),
      'kms:KeySpec': key?.keySpec,
      'kms:KeyUsage': 'SIGN_VERIFY',
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:MultiRegion': 'false',
      'kms:RequestAlias': alias,
      'kms:ResourceAliases': key?.aliases,
      ...values,
    },
    absent: [...ABSENT_IN_KMS, ...absent],
  });
  if (key === undefined) throw notFound(`Key '${arn}' does not exist`);
  if (!key.isEnabled) throw new AwsError('DisabledException', 409, `${arn} is disabled.`);
  return { key, arn };
}

function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', 400, message);
}

function validationError(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}
