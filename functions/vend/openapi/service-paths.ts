import * as answers from '../../api/answers.ts';
import { PROTECTED_RESOURCE_PATH } from '../../api/protected-resource.ts';
import { DISCOVERY_PATH, KEY_SET_PATH } from '../../core/self-issued/issuer-documents.ts';
import { examples } from './examples.ts';
import { jsonContent, operation } from './operation.ts';

/** The operations about the service itself, for which nobody needs a token. */
export const servicePaths = {
  '/health': {
    get: operation('health', 'Whether the function runs', {
      open: true,
      answer: { description: 'it runs', contents: jsonContent(answers.healthAnswer, { status: 'ok' }) },
      failures: [],
    }),
  },
  '/openapi.json': {
    get: operation('openapi', 'This document', {
      open: true,
      answer: {
        description: 'this document',
        contents: { 'application/json': { schema: { type: 'object' } } },
      },
      failures: [],
    }),
  },
  [PROTECTED_RESOURCE_PATH]: {
    get: operation('protectedResource', 'What tokens and proofs are taken here (RFC 9728)', {
      open: true,
      answer: {
        description: 'the metadata',
        contents: jsonContent(answers.protectedResourceAnswer, examples.protectedResource),
      },
      failures: ['not_found'],
    }),
  },
  [DISCOVERY_PATH]: {
    get: operation(
      'discovery',
      'Latchkey as the OpenID issuer of tokens for AWS (OpenID Connect Discovery 1.0); not found where the deployment signs none',
      {
        open: true,
        answer: {
          description: 'the issuer; may be remembered for five minutes, and has an ETag',
          contents: jsonContent(answers.discoveryAnswer, examples.discovery),
        },
        failures: ['not_found'],
      },
    ),
  },
  [KEY_SET_PATH]: {
    get: operation('keySet', 'The public keys of that issuer (RFC 7517)', {
      open: true,
      answer: {
        description: 'the keys; may be remembered for five minutes, and have an ETag',
        contents: jsonContent(answers.keySetAnswer, examples.keySet),
      },
      failures: ['not_found', 'signing_unavailable'],
    }),
  },
};
