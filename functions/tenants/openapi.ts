import { writeFileSync } from 'node:fs';
import { createDocument } from 'zod-openapi';
import { issuerPaths } from './openapi/issuer-paths.ts';
import { operation } from './openapi/operation.ts';
import { tenantPaths } from './openapi/tenant-paths.ts';

/** Where the document is written, and where the app reads it from. */
export const OPENAPI_FILE = new URL('./openapi.json', import.meta.url);

/**
 * The OpenAPI 3.1 document of the operators' API. Made ahead (`npm run openapi`), since what makes it is larger than the
 * function; a test fails when it is out of date.
 */
export function createOpenApiDocument() {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Latchkey: operators',
      version: '1',
      description:
        'Tenants and shared issuers: what they are, whether they are active, and what is verified of them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ sigv4: [] }],
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description:
            'AWS Signature Version 4 for the service execute-api; IAM authorises execute-api:Invoke',
        },
      },
    },
    paths: {
      ...tenantPaths,
      ...issuerPaths,
      '/openapi.json': {
        get: operation('openapi', 'This document', {
          answers: { 200: { description: 'this document', schema: { type: 'object' } } },
          failures: [],
        }),
      },
    },
  });
}

if (import.meta.main) writeFileSync(OPENAPI_FILE, `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`);
