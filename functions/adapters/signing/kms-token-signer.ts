import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { type Circuit, createCircuit } from '../../core/circuit.ts';
import { type Deadline, within } from '../../core/deadline.ts';
import { VendingError } from '../../core/errors.ts';
import type { PublicKey, TokenSigner } from '../../core/ports.ts';
import { secret } from '../../core/secret.ts';
import { SIGNING_ALGORITHM } from '../../core/self-issued/issuer-documents.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';
import { publicJwk } from './public-jwk.ts';

/** Two tries, and STS has its time after them. */
const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 500 };
/** A KMS that has failed so often in a row is left alone for so long. */
const CIRCUIT = { failures: 3, openMilliseconds: 2000 };

/** RS256, as KMS names it. https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */
const KMS_ALGORITHM = 'RSASSA_PKCS1_V1_5_SHA_256';

/** Which keys, and where. */
export interface KmsTokenSignerOptions extends AwsAccess {
  /** By id or ARN: an alias can come to name another key, whose tokens would not verify. The first signs; all are published. */
  readonly keys: readonly [signing: string, ...others: string[]];
}

/** A key of KMS, with its public half. */
interface SigningKey {
  readonly arn: string;
  readonly jwk: PublicKey;
}

type FindKey = (deadline: Deadline) => Promise<SigningKey>;

/**
 * Signs with RSA keys in KMS, which are never exported. The compact form (RFC 7515, 3.1) is put together here: jose signs with keys
 * that it holds. KMS is sent a digest, so that the token, which is a credential, stays in this process until STS gets it.
 */
export function createKmsTokenSigner({ keys, ...access }: KmsTokenSignerOptions): TokenSigner {
  const client = new KMSClient({
    ...awsClientConfig(access, TIMEOUTS),
    maxAttempts: 2,
    retryMode: 'standard',
  });
  const circuit = createCircuit(CIRCUIT);
  const [signing, ...others] = keys;
  const findSigning = rememberKey(() => ask(circuit, () => getPublicKey(client, signing)));
  const findAll: readonly FindKey[] = [
    findSigning,
    ...others.map((id) => rememberKey(() => ask(circuit, () => getPublicKey(client, id)))),
  ];
  return {
    async sign(claims, deadline) {
      const { arn, jwk } = await findSigning(deadline);
      const input = `${encode({ alg: SIGNING_ALGORITHM, typ: 'JWT', kid: jwk.kid })}.${encode(claims)}`;
      const signature = await ask(circuit, () => signDigest(client, arn, input, deadline));
      return secret(`${input}.${signature}`);
    },
    // All or none: what is published without a key is remembered by those who read it, and its tokens would not verify.
    keys: (deadline) => Promise.all(findAll.map(async (find) => (await find(deadline)).jwk)),
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
async function signDigest(
  client: KMSClient,
  keyArn: string,
  input: string,
  { signal }: Deadline,
): Promise<string> {
  const command = new SignCommand({
    KeyId: keyArn,
    Message: createHash('sha256').update(input).digest(),
    MessageType: 'DIGEST',
    SigningAlgorithm: KMS_ALGORITHM,
  });
  const { Signature, KeyId } = await client.send(command, { abortSignal: signal });
  if (Signature === undefined || KeyId !== keyArn)
    throw unavailable('the answer of KMS lacks the signature, or is of another key');
  return Buffer.from(Signature).toString('base64url');
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html. Shared by all who wait for it: nobody's deadline ends it. */
async function getPublicKey(client: KMSClient, keyId: string): Promise<SigningKey> {
  const command = new GetPublicKeyCommand({ KeyId: keyId });
  const { KeyId: arn, PublicKey: der, KeyUsage, SigningAlgorithms } = await client.send(command);
  if (!arn || !der || KeyUsage !== 'SIGN_VERIFY' || SigningAlgorithms?.includes(KMS_ALGORITHM) !== true)
    throw unavailable(`the key is none that signs by ${KMS_ALGORITHM}`);
  return { arn, jwk: await publicJwk(der) };
}

/** As long as the instance lives: the key behind an id is never another one. A failure is not remembered. */
function rememberKey(find: () => Promise<SigningKey>): FindKey {
  let finding: Promise<SigningKey> | undefined;
  return (deadline) => {
    finding ??= find().catch((failure: unknown) => {
      finding = undefined;
      throw failure;
    });
    return within(deadline, finding);
  };
}

async function ask<T>(circuit: Circuit, send: () => Promise<T>): Promise<T> {
  if (!circuit.isClosed()) throw unavailable('KMS has just failed several times; not asked');
  try {
    const answer = await send();
    circuit.succeeded();
    return answer;
  } catch (cause) {
    // A refusal is an answer, and so is one that cannot be used.
    if (cause instanceof VendingError || isRefusal(cause)) circuit.succeeded();
    else circuit.failed();
    throw cause instanceof VendingError ? cause : unavailable(cause);
  }
}

function isRefusal(cause: unknown): boolean {
  const { $metadata } = cause as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}

function unavailable(cause: unknown): VendingError {
  return new VendingError('signing_unavailable', { cause, retryAfterSeconds: 1 });
}
