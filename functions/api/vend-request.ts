import * as z from 'zod/mini';
import type { VendRequest } from '../core/grant/vend-request.ts';
import { secret } from '../core/secret.ts';
import { parseJsonBody } from './json-body.ts';

/** The forms in which credentials can be had. */
const FORMATS = ['sdk', 'process', 'container', 'env'] as const;

const name = z.string().check(z.minLength(1), z.maxLength(64));

/** Body of `POST /credentials`; the same schema checks requests and stands in the OpenAPI document. */
export const vendRequest = z
  .strictObject({
    profile: z.optional(
      name.check(
        z.describe("what to vend; default: the tenant's default profile"),
        z.meta({ example: 'app' }),
      ),
    ),
    durationSeconds: z.optional(
      z
        .int()
        .check(
          z.describe(
            'life of the credentials in seconds, from 900 to what the profile allows; default: that of the profile',
          ),
          z.meta({ example: 3600 }),
        ),
    ),
    scope: z.optional(
      z
        .record(name, z.string().check(z.maxLength(256)))
        .check(
          z.describe('parameters that the profile declares; they only ever narrow'),
          z.meta({ example: { folder: 'reports/2026/' } }),
        ),
    ),
    mfa: z.optional(
      z
        .strictObject({
          serialNumber: z
            .string()
            .check(
              z.regex(/^[\w+=/:,.@-]{9,256}$/, 'expected the ARN or serial number of an MFA device'),
              z.describe('ARN or serial number of the MFA device'),
            ),
          tokenCode: z
            .string()
            .check(
              z.regex(/^\d{6}$/, 'expected six digits'),
              z.describe('the six digits that it shows'),
              z.meta({ example: '123456' }),
            ),
        })
        .check(z.describe('where the profile demands it')),
    ),
    contexts: z.optional(
      z
        .array(
          z.strictObject({
            providerArn: z.string().check(z.minLength(20), z.maxLength(2048)),
            contextAssertion: z.string().check(z.minLength(4), z.maxLength(2048)),
          }),
        )
        .check(
          z.minLength(1),
          z.maxLength(5),
          z.describe('assertions of context providers that the profile names, for AssumeRole'),
        ),
    ),
    format: z.optional(z.enum(FORMATS).check(z.describe('form of the answer; default: sdk'))),
  })
  .check(z.meta({ id: 'VendRequest' }));

/** One of `FORMATS`. */
export type Format = (typeof FORMATS)[number];

/** What `POST /credentials` asks for, and in which form. */
export interface FormattedVendRequest extends VendRequest {
  readonly format?: Format | undefined;
}

/**
 * The request in a JSON body; an empty body asks for every default. Throws `request_too_large`,
 * `media_type_unsupported`, or `request_invalid` naming the member that is wrong.
 */
export function parseVendRequest(body: string, contentType: string | undefined): FormattedVendRequest {
  return body === '' ? {} : withSecrets(parseJsonBody(vendRequest, body, contentType));
}

function withSecrets({ mfa, contexts, ...request }: z.output<typeof vendRequest>): FormattedVendRequest {
  return {
    ...request,
    ...(mfa === undefined ? {} : { mfa: { ...mfa, tokenCode: secret(mfa.tokenCode) } }),
    ...(contexts === undefined
      ? {}
      : {
          contexts: contexts.map(({ providerArn, contextAssertion }) => ({
            providerArn,
            contextAssertion: secret(contextAssertion),
          })),
        }),
  };
}
