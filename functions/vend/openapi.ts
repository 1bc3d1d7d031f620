import { writeFileSync } from 'node:fs';
import { createDocument } from 'zod-openapi';
import { credentialPaths } from './openapi/credential-paths.ts';
import { servicePaths } from './openapi/service-paths.ts';
import { sessionPaths } from './openapi/session-paths.ts';

/** Where the document is written, and where the app reads it from. */
export const OPENAPI_FILE = new URL('./openapi.json', import.meta.url);

/** Every path of the tenants' API, with the schemas and examples of its bodies. */
export const paths = { ...credentialPaths, ...sessionPaths, ...servicePaths };

/**
 * The OpenAPI 3.1 document of the tenants' API, of all its functions, made from the very schemas that check requests. Made ahead
 * (`npm run openapi`), since what makes it is larger than the function; a test fails when it is out of date.
 */
export function createOpenApiDocument() {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Latchkey',
      version: '1',
      description:
        "Temporary AWS credentials, bounded to one tenant, for a JWT of the tenant's issuer or an assertion of its identity provider.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }, { dpop: [] }],
    components: { securitySchemes },
    paths,
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

if (import.meta.main) writeFileSync(OPENAPI_FILE, `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`);
