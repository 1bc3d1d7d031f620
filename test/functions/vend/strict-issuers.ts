import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import { parseTenantId } from '../../../functions/core/tenant-id.ts';
import { ACT, type TestLatchkey } from '../../latchkey.ts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../../test-issuer.ts';

/** What each of them demands of its tokens, or of their use. */
const TERMS = {
  once: { tokenUse: 'once' },
  dpop: { senderConstraint: 'dpop' },
  mtls: { senderConstraint: 'mtls' },
  required: { senderConstraint: 'required' },
  nonce: { proofNonce: 'required' },
} as const;

/** A profile that is only for tokens of which their caller has shown that they are its own. */
const demanding = (name: string, senderConstraint: ProfileDefinition['senderConstraint']) => ({
  name,
  description: 'for tokens that are bound',
  roleArn: '{{resources.tenantRoleArn}}',
  senderConstraint,
  policy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*' },
    ],
  },
});

export type StrictIssuers = Readonly<Record<keyof typeof TERMS, TestIssuer>> & { close(): void };

/** Issuers with strict terms, bound to the tenant umbra, which has two profiles of its own. */
export async function startStrictIssuers({ functions, audited }: TestLatchkey): Promise<StrictIssuers> {
  const names = Object.keys(TERMS) as (keyof typeof TERMS)[];
  const started = await Promise.all(names.map(async (name) => [name, await startTestIssuer()] as const));
  const issuers = started.map(([name, { url, jwksUri }]) => ({
    url,
    audience: AUDIENCE,
    jwksUri,
    ...TERMS[name],
  }));
  const definition = {
    displayName: 'Umbra',
    profiles: ['app', 'bound', 'bound-dpop'],
    defaultProfile: 'app',
    ownProfiles: [demanding('bound', 'required'), demanding('bound-dpop', 'dpop')],
    issuers,
  };
  await functions.administration.putTenant(ACT, parseTenantId('umbra'), definition, 'any');
  audited.length = 0;
  return {
    ...(Object.fromEntries(started) as Omit<StrictIssuers, 'close'>),
    close: () => {
      for (const [, issuer] of started) issuer.close();
    },
  };
}
