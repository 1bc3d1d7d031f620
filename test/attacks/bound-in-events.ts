import { CERTIFICATES } from '../functions/vend/certificates.ts';
import { type Attack, BAD_REQUEST, INVALID } from './attack.ts';
import { BOUND, certificate, thumbprint } from './bound.ts';
import { sendEvent } from './send-event.ts';
import type { Target } from './target.ts';

/** Over a connection with the certificate of a client: what only an event tells of. */
const overMutualTls =
  (certificateOf: number, claims: Record<string, unknown>, issuer?: string) => (t: Target) => {
    const token = t.token({ claims }, issuer);
    t.shown.push(token);
    return sendEvent(t, { Authorization: [`Bearer ${token}`] }, CERTIFICATES[certificateOf]?.pem ?? 'canary');
  };

/** What only an event can hold. */
export const boundInEvents: readonly Attack[] = [
  [86, 'cnf.x5t#S256, with its certificate', overMutualTls(0, certificate), 200],
  [
    86,
    'cnf.x5t#S256, with its certificate, where it is demanded',
    overMutualTls(0, certificate, 'mtls'),
    200,
    'umbra',
  ],
  [86, "cnf.x5t#S256, with another's certificate", overMutualTls(1, certificate), ...BOUND],
  [86, 'cnf.x5t#S256, with what is no certificate', overMutualTls(2, certificate), ...BAD_REQUEST],
  [86, 'cnf.jkt, with a certificate', overMutualTls(0, thumbprint), ...BOUND],
  [
    86,
    'cnf of both, with the certificate',
    overMutualTls(0, { cnf: { ...thumbprint.cnf, ...certificate.cnf } }),
    ...INVALID,
  ],
];
