import { readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { ERROR_CODES } from '../../../functions/core/errors.ts';
import { createTenantsApp } from '../../../functions/tenants/app.ts';
import { createOpenApiDocument, OPENAPI_FILE } from '../../../functions/tenants/openapi.ts';
import { createOpenApiDocument as createVendDocument } from '../../../functions/vend/openapi.ts';
import { stubAdministration } from './stub.ts';

const document = JSON.parse(JSON.stringify(createOpenApiDocument()));
const METHODS = ['get', 'put', 'post', 'delete'];

it('openapi.json is what the schemas say; after a change run: npm run openapi', () => {
  expect(JSON.parse(readFileSync(OPENAPI_FILE, 'utf8'))).toEqual(document);
});

it('has every route of the app, and no other', () => {
  const served = createTenantsApp(stubAdministration())
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  const documented = Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => METHODS.includes(key))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.toSorted()).toEqual(served.toSorted());
});

/** The codes that the operations of a document can answer with. */
function codesIn({ paths }: { paths?: object }): ReadonlySet<string> {
  const answers = Object.values<object>({ ...paths })
    .flatMap((item) => Object.values(item))
    .flatMap((operation) => Object.entries<{ description: string }>(operation.responses ?? {}));
  const failures = answers.filter(([status]) => Number(status) >= 400);
  return new Set(failures.flatMap(([, { description }]) => description.split(', ')));
}

const vending = codesIn(createVendDocument());
const operating = codesIn(createOpenApiDocument());

/** Codes that are nobody's answer over HTTP, and those of routes that there are not. */
const IN_NEITHER = ['event_version_reused', 'method_not_allowed'];

test('every code is in one of the documents', () => {
  const documented = ERROR_CODES.filter((code) => vending.has(code) || operating.has(code));
  expect([...documented, ...IN_NEITHER].toSorted()).toEqual(ERROR_CODES.toSorted());
});

test('nothing is told to tenants of what operators get, nor to operators of tokens, but what a preview finds', () => {
  expect([...vending].filter((code) => operating.has(code)).toSorted()).toEqual([
    'duration_out_of_range',
    'insufficient_scope',
    'internal_error',
    'media_type_unsupported',
    'policy_too_large',
    'policy_unrenderable',
    'profile_not_granted',
    'record_invalid',
    'registry_unavailable',
    'request_invalid',
    'request_too_large',
    'scope_invalid',
  ]);
});
