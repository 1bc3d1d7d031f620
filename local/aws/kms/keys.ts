import { generateKeyPair, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import { promisify } from 'node:util';

/** The kinds of asymmetric keys that are played, of those that AWS has. */
export type KeySpec = 'RSA_2048' | 'ECC_NIST_P384';

/** A key to be made. */
export interface KmsKeyDefinition {
  /** `1234abcd-12ab-34cd-56ef-1234567890ab`; AWS makes a UUID, and takes no other. */
  readonly id: string;
  /** `alias/latchkey-issuer`; none twice among the keys of an account. */
  readonly aliases?: readonly string[];
  readonly keySpec: KeySpec;
  readonly isEnabled?: boolean;
}

/** An asymmetric key of the local account, to sign with (SIGN_VERIFY). */
export interface KmsKey extends Required<KmsKeyDefinition> {
  /** The private half leaves this process as little as AWS's leaves KMS. */
  readonly pair: () => Promise<KeyPair>;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Every key of the local account in its Region. */
export type KmsKeys = readonly KmsKey[];

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ALIAS = /^alias\/(?!aws\/)[\w/-]{1,250}$/;

/**
 * Keys with new key material, made when it is first needed: an RSA key takes a tenth of a second. Throws on an id or alias that KMS would
 * not take, or that is there twice (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html).
 */
export function createKmsKeys(definitions: readonly KmsKeyDefinition[]): KmsKeys {
  checkNames(
    definitions.map(({ id }) => id),
    ID,
    'a UUID in lower case',
  );
  checkNames(
    definitions.flatMap(({ aliases = [] }) => aliases),
    ALIAS,
    'alias/NAME',
  );
  return definitions.map(({ id, aliases = [], keySpec, isEnabled = true }) => {
    let pair: Promise<KeyPair> | undefined;
    return {
      id,
      aliases,
      keySpec,
      isEnabled,
      pair() {
        pair ??= makePair(keySpec);
        return pair;
      },
    };
  });
}

function checkNames(names: readonly string[], pattern: RegExp, expected: string): void {
  const wrong = names.find((name, index) => !pattern.test(name) || names.indexOf(name) < index);
  if (wrong !== undefined) throw new Error(`KMS key: got ${wrong}, expected ${expected}, each once`);
}

const generate = promisify(generateKeyPair);

function makePair(keySpec: KeySpec): Promise<KeyPairKeyObjectResult> {
  return keySpec === 'RSA_2048'
    ? generate('rsa', { modulusLength: 2048 })
    : generate('ec', { namedCurve: 'P-384' });
}
