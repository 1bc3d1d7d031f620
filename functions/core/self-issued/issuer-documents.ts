import { createHash } from 'node:crypto';
import type { PublicKey } from '../ports.ts';

/** Where an issuer's documents are, behind its URL (OpenID Connect Discovery 1.0, 4). */
export const DISCOVERY_PATH = '/.well-known/openid-configuration';
/** See `DISCOVERY_PATH`; the discovery document names it. */
export const KEY_SET_PATH = '/.well-known/jwks.json';

/** RS256 (RFC 7518, 3.3): what every party that verifies tokens for IAM takes. */
export const SIGNING_ALGORITHM = 'RS256';

/** A document as it is published. */
export interface PublishedDocument {
  /** JSON. */
  readonly body: string;
  /** An entity tag (RFC 9110, 8.8.3): the same for the same content, and for no other. */
  readonly etag: string;
}

/**
 * What IAM reads of an issuer: it demands these members, and these claims.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export function discoveryDocument(issuer: string): PublishedDocument {
  return publish({
    issuer,
    jwks_uri: `${issuer}${KEY_SET_PATH}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
    claims_supported: ['iss', 'aud', 'sub', 'iat', 'exp', 'jti'],
  });
}

/** The keys by which the issuer's tokens verify (RFC 7517, 5). */
export function keySetDocument(keys: readonly PublicKey[]): PublishedDocument {
  return publish({ keys });
}

function publish(document: object): PublishedDocument {
  const body = JSON.stringify(document);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}
