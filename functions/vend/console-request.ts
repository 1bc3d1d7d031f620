import * as z from 'zod/mini';
import { parseJsonBody } from '../api/json-body.ts';
import { vendRequest } from '../api/vend-request.ts';
import { type ConsoleRequest, readHttpsUrl } from '../core/console/console-terms.ts';

const { profile, durationSeconds, scope } = vendRequest.shape;
const url = z.string().check(z.maxLength(2048));

/**
 * Body of `POST /console-session`; the same schema checks requests and stands in the OpenAPI document. Without a code of MFA, which
 * the profiles that are vended here do not take.
 */
export const consoleRequest = z
  .strictObject({
    profile,
    durationSeconds,
    scope,
    destination: z.optional(
      url.check(
        z.describe("the page of the AWS console to show; default: the console's first page"),
        z.meta({ example: 'https://eu-central-1.console.aws.amazon.com/s3/home' }),
      ),
    ),
    issuer: z.optional(
      url.check(
        z.refine(
          (text) => readHttpsUrl(text) !== undefined,
          'expected an https URL without a port or a user',
        ),
        z.describe('where AWS sends people whose session has ended'),
        z.meta({ example: 'https://app.acme.example/sign-in' }),
      ),
    ),
    sessionDurationSeconds: z.optional(
      z
        .int()
        .check(
          z.describe(
            'how long the console stays open, in seconds, from 900 to durationSeconds; not with the method assumeRole, since AWS takes none with role chaining; default: as long as the credentials work',
          ),
        ),
    ),
  })
  .check(z.meta({ id: 'ConsoleRequest' }));

/** The request in a JSON body; an empty body asks for every default. Throws as `parseVendRequest`. */
export function parseConsoleRequest(body: string, contentType: string | undefined): ConsoleRequest {
  return body === '' ? {} : parseJsonBody(consoleRequest, body, contentType);
}
