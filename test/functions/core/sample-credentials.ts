import type { VendedCredentials } from '../../../functions/core/grant/credentials.ts';
import { secret } from '../../../functions/core/secret.ts';

/** Credentials of a session of acme's, as an assumer gives them. */
export const sampleCredentials = (changes: Partial<VendedCredentials> = {}): VendedCredentials => ({
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: secret('very-secret'),
  sessionToken: secret('session-token'),
  expiration: new Date(0),
  assumedRoleUser: {
    arn: 'arn:aws:sts::111122223333:assumed-role/latchkey-tenant/acme.f3XkP0f3XkP0f3X',
    assumedRoleId: 'AROAEXAMPLE:acme.f3XkP0f3XkP0f3X',
  },
  federatedUser: undefined,
  user: undefined,
  identity: undefined,
  packedPolicySize: undefined,
  sourceIdentity: undefined,
  form: { policy: '{}', tags: [], transitiveTagKeys: [], droppedTags: [] },
  stsRegion: 'us-east-1',
  ...changes,
});
