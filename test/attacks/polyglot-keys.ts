import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';

/** Keys of three kinds in one set, each with the algorithm that it is for. */
export function createPolyglotKeys() {
  const rs256 = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ps256 = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const es256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const published = (kid: string, { publicKey }: KeyPairKeyObjectResult) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid,
    alg: kid.toUpperCase(),
    use: 'sig',
  });
  return {
    jwks: { keys: [published('rs256', rs256), published('ps256', ps256), published('es256', es256)] },
    privateKeys: { rs256: rs256.privateKey, ps256: ps256.privateKey, es256: es256.privateKey },
  };
}
