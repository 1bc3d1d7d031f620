import { vi } from 'vitest';
import type { Administration } from '../../../functions/core/administration/administration.ts';
import type { SharedIssuerRecord } from '../../../functions/core/administration/administrative-ports.ts';
import { parseSharedIssuer } from '../../../functions/core/issuer/issuer.ts';
import { createPreview } from '../../../functions/core/preview/preview.ts';
import { parsePreviewRequest } from '../../../functions/core/preview/preview-request.ts';
import { createProfileBook } from '../../../functions/core/profile/profile-book.ts';
import { parseTenantRecord, type TenantRecord } from '../../../functions/core/tenant/tenant-record.ts';
import { createTenantsApp } from '../../../functions/tenants/app.ts';
import { openPolicyJudge } from '../../../functions/tenants/preview-judge.ts';
import { clock, RESOURCES, sampleDefinition } from '../core/sample.ts';

export const ACTOR = 'arn:aws:sts::111122223333:assumed-role/operator/jo';

/** A tenant's record in its seventh version. */
export function tenantRecord(changes: object = {}): TenantRecord {
  return parseTenantRecord({
    tenantId: 'acme',
    externalId: 'x'.repeat(43),
    holds: [],
    version: 7,
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-22T10:00:00.000Z',
    events: { status: { version: 3, eventId: 'e' } },
    definition: {
      displayName: 'Acme',
      profiles: ['app'],
      defaultProfile: 'app',
      attributes: { plan: 'gold' },
    },
    ...changes,
  });
}

export const ISSUER_URL = 'https://issuer.example/pool?x=1&y';

/** The route to the one issuer. */
export const ISSUER = `/issuers?url=${encodeURIComponent(ISSUER_URL)}`;
/** The one tenant as it is written. */
export const definition = { displayName: 'Acme', profiles: ['app'], defaultProfile: 'app' };
/** The one issuer as it is written. */
export const issuer = {
  url: ISSUER_URL,
  audience: 'latchkey',
  jwksUri: 'https://issuer.example/jwks',
  claim: 'tenant',
};

/** A shared issuer's record in its fourth version. */
export const issuerRecord: SharedIssuerRecord = {
  issuer: parseSharedIssuer({
    url: ISSUER_URL,
    audience: 'latchkey',
    jwksUri: 'https://issuer.example/jwks',
    claim: 'tenant',
  }) as SharedIssuerRecord['issuer'],
  version: 4,
};

/** What would be vended to the one tenant. */
export const samplePreview = createPreview({
  profiles: createProfileBook([sampleDefinition()], RESOURCES),
  profileDefinitions: [sampleDefinition()],
  resources: RESOURCES,
  tenantRolePolicy: undefined,
  openJudge: openPolicyJudge,
  clock,
})(
  tenantRecord(),
  parsePreviewRequest({
    requests: [{ action: 's3:GetObject', resource: `${RESOURCES.tenantBucketArn}/acme/a` }],
    profileDefinition: sampleDefinition({ durationSeconds: { default: 900 } }),
    diff: true,
  }),
);

/** An administration that remembers calls, and knows one tenant and one issuer. */
export function stubAdministration() {
  const summary = {
    tenantId: 'acme',
    displayName: 'Acme',
    status: 'active',
    version: 7,
    updatedAt: '2026-11-22T10:00:00.000Z',
  } as const;
  return {
    putTenant: vi.fn<Administration['putTenant']>(async () => ({ record: tenantRecord(), created: false })),
    getTenant: vi.fn<Administration['getTenant']>(async () => tenantRecord()),
    listTenants: vi.fn<Administration['listTenants']>(async () => ({ items: [summary], next: 'acme' })),
    suspendTenant: vi.fn<Administration['suspendTenant']>(async () => tenantRecord({ holds: ['operator'] })),
    resumeTenant: vi.fn<Administration['resumeTenant']>(async () => tenantRecord()),
    revokeSessions: vi.fn<Administration['revokeSessions']>(async () => ({
      tenantId: 'acme',
      before: '2026-11-22T10:00:00Z',
      effectiveWithinSeconds: 300,
      roles: [
        {
          roleArn: 'arn:aws:iam::111122223333:role/tenant',
          outcome: 'cut_off',
          statement: { Effect: 'Deny', Action: '*', Resource: '*' },
        },
      ],
      users: [],
    })),
    offboardTenant: vi.fn<Administration['offboardTenant']>(async () =>
      tenantRecord({ offboardedAt: '2026-11-22T11:00:00.000Z' }),
    ),
    verifyTenant: vi.fn<Administration['verifyTenant']>(async () => ({
      tenantId: 'acme',
      passed: false,
      verifiedAt: '2026-11-22T10:00:00.000Z',
      probes: [
        {
          profile: 'app',
          roleArn: 'arn:aws:iam::111122223333:role/tenant',
          probe: 'without_tenant_tag',
          outcome: 'failed',
          detail: 'the role took a session without a tenant tag',
          cure: 'demand the tag',
        },
      ],
    })),
    previewTenant: vi.fn<Administration['previewTenant']>(async () => samplePreview),
    roleTemplate: vi.fn<Administration['roleTemplate']>(async () => ({
      tenantId: 'acme',
      externalId: 'x'.repeat(43),
      vendRoleArn: 'arn:aws:iam::111122223333:role/vend',
      template: { Resources: {} },
      quickCreate: { url: 'https://console.example', expiration: new Date('2026-11-22T11:00:00Z') },
    })),
    applyEvent: vi.fn<Administration['applyEvent']>(async () => 'applied'),
    putIssuer: vi.fn<Administration['putIssuer']>(async () => ({ record: issuerRecord, created: false })),
    getIssuer: vi.fn<Administration['getIssuer']>(async () => issuerRecord),
    listIssuers: vi.fn<Administration['listIssuers']>(async () => ({
      items: [issuerRecord],
      next: undefined,
    })),
    deleteIssuer: vi.fn<Administration['deleteIssuer']>(async () => {}),
  } satisfies Administration;
}

/** Every call that was made, its act left out: `[method, ...arguments]`. */
export function callsOf(administration: Administration): readonly (readonly unknown[])[] {
  return Object.entries(administration as ReturnType<typeof stubAdministration>).flatMap(
    ([method, { mock }]) => mock.calls.map(([, ...rest]) => [method, ...rest]),
  );
}

/** What a request is made of beside its route. */
export interface OperatorRequest {
  readonly headers?: Record<string, string>;
  /** Texts and bytes go as they are, everything else as JSON. */
  readonly body?: unknown;
  /** Null: nobody whom IAM has authorised. */
  readonly actor?: string | null;
}

function bodyOf(body: unknown): NonNullable<RequestInit['body']> | null {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return body === undefined ? null : JSON.stringify(body);
}

/** Requests to the app over an administration, as API Gateway would pass them on. */
export function operatorsOf(administration: Administration) {
  const app = createTenantsApp(administration);
  return async (route: string, { headers = {}, body, actor = ACTOR }: OperatorRequest = {}) => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const init = {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: bodyOf(body),
    };
    const requestContext = { extendedRequestId: 'request-1', identity: { userArn: actor } };
    const response = await app.request(path, init, { requestContext });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    };
  };
}
