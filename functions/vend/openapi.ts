import { writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import type { ErrorCode } from '../core/errors.ts';
import { problemAnswers } from '../core/problem-schema.ts';
import * as answers from './answers.ts';
import { PROTECTED_RESOURCE_PATH } from './protected-resource.ts';
import { vendRequest } from './vend-request.ts';

/** Where the document is written, and where the app reads it from. */
export const OPENAPI_FILE = new URL('./openapi.json', import.meta.url);

/**
 * The OpenAPI 3.1 document of the vend function, made from the very schemas that check requests. Made ahead
 * (`npm run openapi`), since what makes it is larger than the function; a test fails when it is out of date.
 */
export function createOpenApiDocument() {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Latchkey',
      version: '1',
      description: "Temporary AWS credentials, bounded to one tenant, for a JWT of the tenant's issuer.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }, { dpop: [] }],
    components: { securitySchemes },
    paths: {
      '/credentials': { post: vend },
      '/credentials/container': { get: container },
      '/whoami': { get: whoami },
      '/health': { get: health },
      '/openapi.json': { get: self },
      [PROTECTED_RESOURCE_PATH]: { get: metadata },
    },
  });
}

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'a token that is bound to a client certificate (RFC 8705) needs mutual TLS besides',
  },
  dpop: {
    type: 'http',
    scheme: 'dpop',
    description:
      'a token that is bound to a key, with a proof in the header DPoP (RFC 9449); an answer may name in DPoP-Nonce what the next proof must hold',
  },
} as const;

const noStore = { 'Cache-Control': { schema: { type: 'string' as const, const: 'no-store' } } };

const TOKEN_FAILURES: readonly ErrorCode[] = [
  'request_invalid',
  'token_missing',
  'token_malformed',
  'token_invalid',
  'token_expired',
  'token_replayed',
  'token_bound',
  'token_not_bound',
  'proof_invalid',
  'proof_nonce_required',
  'issuer_unknown',
  'tenant_unknown',
  'tenant_inactive',
  'internal_error',
  'record_invalid',
  'keys_unavailable',
  'registry_unavailable',
  'replay_check_unavailable',
  'deadline_exceeded',
];

const CONTAINER_FAILURES: readonly ErrorCode[] = [
  ...TOKEN_FAILURES,
  'insufficient_scope',
  'profile_not_granted',
  'scope_invalid',
  'tenant_throttled',
  'subject_throttled',
  'deployment_throttled',
  'policy_unrenderable',
  'policy_too_large',
  'role_not_assumable',
  'tag_session_denied',
  'source_identity_denied',
  'packed_policy_too_large',
  'sts_rejected',
  'sts_throttled',
  'sts_unavailable',
];

const VEND_FAILURES: readonly ErrorCode[] = [
  ...CONTAINER_FAILURES,
  'duration_out_of_range',
  'request_too_large',
  'media_type_unsupported',
];

const vend: ZodOpenApiOperationObject = {
  operationId: 'vendCredentials',
  summary: "Vends credentials that open the caller's tenant's data",
  requestBody: { required: false, content: { 'application/json': { schema: vendRequest } } },
  responses: {
    200: {
      description: 'credentials, in the format that was asked for',
      headers: noStore,
      content: {
        'application/json': {
          schema: z.union([answers.vendAnswer, answers.processAnswer, answers.containerAnswer]),
        },
        'text/plain': { schema: { type: 'string', description: 'format env: export lines for a shell' } },
      },
    },
    ...problemAnswers(VEND_FAILURES),
  },
};

const container: ZodOpenApiOperationObject = {
  operationId: 'getContainerCredentials',
  summary: "The AWS SDKs' HTTP container credential protocol (AWS_CONTAINER_CREDENTIALS_FULL_URI)",
  parameters: [{ name: 'profile', in: 'query', required: false, schema: { type: 'string' } }],
  responses: {
    200: {
      description: 'credentials',
      headers: noStore,
      content: { 'application/json': { schema: answers.containerAnswer } },
    },
    ...problemAnswers(CONTAINER_FAILURES),
  },
};

const whoami: ZodOpenApiOperationObject = {
  operationId: 'whoami',
  summary: 'What Latchkey knows of the caller, and which profiles it may use',
  responses: {
    200: {
      description: 'the caller',
      headers: noStore,
      content: { 'application/json': { schema: answers.whoamiAnswer } },
    },
    ...problemAnswers(TOKEN_FAILURES),
  },
};

const health: ZodOpenApiOperationObject = {
  operationId: 'health',
  summary: 'Whether the function runs',
  security: [],
  responses: {
    200: { description: 'it runs', content: { 'application/json': { schema: answers.healthAnswer } } },
  },
};

const self: ZodOpenApiOperationObject = {
  operationId: 'openapi',
  summary: 'This document',
  security: [],
  responses: {
    200: { description: 'this document', content: { 'application/json': { schema: { type: 'object' } } } },
  },
};

const metadata: ZodOpenApiOperationObject = {
  operationId: 'protectedResource',
  summary: 'What tokens and proofs are taken here (RFC 9728)',
  security: [],
  responses: {
    200: {
      description: 'the metadata',
      content: { 'application/json': { schema: answers.protectedResourceAnswer } },
    },
  },
};

if (import.meta.main) writeFileSync(OPENAPI_FILE, `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`);
