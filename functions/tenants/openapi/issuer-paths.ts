import * as z from 'zod/mini';
import { issuerAnswer, issuerBody, issuerList } from '../answers.ts';
import { BODY_FAILURES, ifChanged, ifMatch, ifNew, operation, paging, WRITE_FAILURES } from './operation.ts';

const url = (required: boolean) =>
  ({
    name: 'url',
    in: 'query',
    required,
    description: 'names the issuer',
    schema: { type: 'string' },
  }) as const;
const issuer = { description: 'the issuer', schema: issuerAnswer, tagged: true };

/** The operations under /issuers. */
export const issuerPaths = {
  '/issuers': {
    get: operation('getIssuers', 'A shared issuer by its URL, or all of them in parts', {
      parameters: [url(false), ...paging, ifChanged],
      answers: {
        200: {
          description: 'with url the issuer and its ETag, without it a part of the list',
          schema: z.union([issuerAnswer, issuerList]),
          tagged: true,
        },
        304: { description: 'the issuer has not changed', tagged: true },
      },
      failures: ['issuer_not_found', 'record_invalid', 'registry_unavailable'],
    }),
    put: operation('putIssuer', 'Creates a shared issuer, or replaces it', {
      parameters: [url(true), ifMatch, ifNew],
      body: issuerBody,
      answers: { 200: issuer, 201: { ...issuer, description: 'a new issuer', located: true } },
      failures: [...WRITE_FAILURES, ...BODY_FAILURES, 'binding_taken'],
    }),
    delete: operation('deleteIssuer', 'Forgets a shared issuer that no tenant is bound to', {
      parameters: [url(true), ifMatch],
      answers: { 204: { description: 'it is gone' } },
      failures: [...WRITE_FAILURES, 'issuer_not_found', 'issuer_in_use'],
    }),
  },
};
