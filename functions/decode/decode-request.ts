import * as z from 'zod/mini';
import { parseJsonBody } from '../api/json-body.ts';

/** Body of `POST /authorization-messages/decode`; the same schema checks requests and stands in the OpenAPI document. */
export const decodeRequest = z
  .strictObject({
    encodedMessage: z
      .string()
      .check(
        z.regex(/^[\x21-\x7e]{1,10240}$/, 'expected 1 to 10240 characters without blanks'),
        z.describe('what stands behind "Encoded authorization failure message:" in an error of AWS'),
      ),
  })
  .check(z.meta({ id: 'DecodeRequest' }));

/** The encoded message in a JSON body. Throws as `parseVendRequest`. */
export function parseDecodeRequest(body: string, contentType: string | undefined): string {
  return parseJsonBody(decodeRequest, body, contentType).encodedMessage;
}
