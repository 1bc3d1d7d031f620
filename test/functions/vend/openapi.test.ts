import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import * as z from 'zod/mini';
import { ERROR_CODES } from '../../../functions/core/errors.ts';
import { ROUTES } from '../../../functions/core/routes.ts';
import { createDecodeApp } from '../../../functions/decode/app.ts';
import { createIamUserApp } from '../../../functions/iam-user/app.ts';
import { createSamlApp } from '../../../functions/saml/app.ts';
import { createVendApp } from '../../../functions/vend/app.ts';
import { createOpenApiDocument, OPENAPI_FILE, paths } from '../../../functions/vend/openapi.ts';

interface Body {
  readonly schema: unknown;
  readonly example?: unknown;
}
interface Operation {
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly example?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Body>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Readonly<Record<string, Body>> }>
  >;
}

const operations = Object.entries(paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
);

it('openapi.json is what the schemas say; after a change run: npm run openapi', () => {
  const written = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(createOpenApiDocument())));
});

it('documents every route of every function of the API, and no other', () => {
  // No route is called: what they would ask is nothing here.
  const none = {} as never;
  const apps = [
    createVendApp({ tokenIssuer: {} } as never),
    createSamlApp(none),
    createIamUserApp(none),
    createDecodeApp(none),
  ];
  const routes = apps
    .flatMap((app) => app.routes)
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`);
  expect(operations.map(([name]) => name).sort()).toEqual(routes.sort());
});

describe.each(operations)('%s', (_name, { requestBody, responses }) => {
  const bodies = [requestBody, responses['200']].flatMap((each) => Object.entries(each?.content ?? {}));

  test.each(bodies.filter(([type]) => type !== 'text/plain'))(
    'has an example in %s that is of its schema',
    (_type, body) => {
      // What this document itself looks like has no schema.
      if (!(body.schema instanceof z.ZodMiniType)) return;
      expect(body.example).toBeDefined();
      expect(z.safeParse(body.schema, body.example).error?.issues ?? []).toEqual([]);
    },
  );
});

it('says of every failure where it can end in it, but of those that the operators’ API alone has', () => {
  const documented = new Set(
    operations.flatMap(([, { responses }]) =>
      Object.entries(responses).flatMap(([status, { description }]) =>
        status === '200' ? [] : description.split(', '),
      ),
    ),
  );
  expect(ERROR_CODES.filter((code) => !documented.has(code))).toEqual(OPERATORS);
});

/** And what is an answer to no route. */
const OPERATORS = [
  'not_authorized',
  'tenant_not_found',
  'issuer_not_found',
  'method_not_allowed',
  'tenant_offboarded',
  'binding_taken',
  'issuer_in_use',
  'event_version_reused',
  'write_conflict',
  'precondition_failed',
  'verification_unavailable',
  'revocation_failed',
  'revocations_full',
  'events_unavailable',
];

it('lets nobody ask without a token but for what is public, and but with an assertion', () => {
  const open = operations.filter(([, { security }]) => security?.length === 0).map(([name]) => name);
  expect(open).toEqual([
    `POST ${ROUTES.saml}`,
    'GET /health',
    'GET /openapi.json',
    'GET /.well-known/oauth-protected-resource',
    'GET /.well-known/openid-configuration',
    'GET /.well-known/jwks.json',
  ]);
});
