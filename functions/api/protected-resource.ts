import { PROOF_ALGORITHMS } from '../core/token/dpop-proof.ts';
import type { ProtectedResourceAnswer } from './answers.ts';

/** RFC 9728, 3. */
export const PROTECTED_RESOURCE_PATH = '/.well-known/oauth-protected-resource';

/**
 * What the API at this URL takes (RFC 9728, 2). It names no authorization servers: whose issuers are known here is nobody's
 * business. `takesCertificates`: whether a client certificate can come in at this URL.
 */
export function protectedResource(resource: string, takesCertificates: boolean): ProtectedResourceAnswer {
  return {
    resource,
    resource_name: 'Latchkey',
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: [...PROOF_ALGORITHMS],
    tls_client_certificate_bound_access_tokens: takesCertificates,
  };
}
