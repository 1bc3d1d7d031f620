import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import {
  createEcSigner,
  createEdSigner,
  createHmacSigner,
  createRsaSigner,
  type Signer,
  UNSIGNED,
} from './keys.ts';

/** What the token must have been issued for. */
export const AUDIENCE = 'https://latchkey.example';
/** In what callers send and nobody may write down or repeat. */
export const CANARY = 'canary~secret';
/** One name for the keys of all: it says nothing of whose they are. */
export const KEY_ID = 'key-1';

/** What is known here of an issuer, beside what Latchkey is told: the oracle reads this. */
export interface FuzzIssuer {
  readonly url: string;
  readonly signer: SignerName;
  readonly types: readonly string[];
  readonly skewSeconds: number;
  readonly lifetimeSeconds: number;
  readonly ageSeconds: number;
  /** Which tenant a token means by its claim `tenant`; a text: always the same one. */
  readonly tenants: Readonly<Record<string, string>> | string;
  /** What all claims of a token must be beyond that. */
  readonly terms: (claims: ReadonlyMap<string, unknown>) => boolean;
  readonly isOnce: boolean;
}

const USUAL = {
  types: ['at+jwt'],
  skewSeconds: 30,
  lifetimeSeconds: 86_400,
  ageSeconds: Number.POSITIVE_INFINITY,
  terms: () => true,
  isOnce: false,
};

/** URLs of which one begins like the other. */
export const ISSUERS = {
  pool: {
    ...USUAL,
    url: 'https://pool.example/auth',
    signer: 'pool',
    tenants: { acme: 'acme', 'acme-prod': 'acme-prod', 'Globex Corp': 'globex' },
  },
  initech: { ...USUAL, url: 'https://pool.example', signer: 'initech', tenants: 'initech' },
  hooli: {
    url: 'https://pool.example/auth/hooli',
    signer: 'hooli',
    types: ['jwt', 'none'],
    skewSeconds: 0,
    lifetimeSeconds: 600,
    ageSeconds: 300,
    tenants: 'hooli',
    terms: (claims) =>
      claims.get('env') === 'prod' &&
      /^svc-[a-z~]{1,20}$/.test(String(claims.get('sub'))) &&
      (claims.get('client_id') ?? claims.get('azp')) === 'app-1' &&
      String(claims.get('scope')).split(' ').includes('vend') &&
      typeof claims.get('jti') === 'string',
    isOnce: true,
  },
} as const satisfies Record<string, FuzzIssuer & { readonly signer: string }>;

export type IssuerName = keyof typeof ISSUERS;
export type SignerName = 'pool' | 'initech' | 'hooli' | 'attacker' | 'hmac' | 'unsigned';

/** Tenants of whom one has a name that the other's begins with; sleepy is suspended. */
export const TENANTS = ['acme', 'acme-prod', 'globex', 'sleepy', 'initech', 'hooli'] as const;

/** Everybody who signs here; the same keys for the same seed, but for that of RSA. */
export function createSigners(seed: number): Readonly<Record<SignerName, Signer>> {
  const pool = createEdSigner(`pool ${seed}`);
  return {
    pool,
    initech: createRsaSigner(),
    hooli: createEcSigner(`hooli ${seed}`),
    attacker: createEdSigner(`attacker ${seed}`),
    hmac: createHmacSigner(JSON.stringify(pool.jwk)),
    unsigned: UNSIGNED,
  };
}

/** A profile in which everything that can be inserted is. */
export const NARROW = {
  name: 'narrow',
  description: 'asks for a scope, a folder and a plan',
  roleArn: '{{resources.tenantRoleArn}}',
  requiredScopes: ['vend'],
  durationSeconds: { default: 900, maximum: 1800 },
  tags: { Plan: '{{tenant.attributes.plan}}' },
  scope: { folder: { description: 'a folder', pattern: '[^/]+/' } },
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{tenant.attributes.plan}}/{{scope.folder}}*',
      },
    ],
  },
} satisfies ProfileDefinition;
