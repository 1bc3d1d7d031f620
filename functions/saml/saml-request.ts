import * as z from 'zod/mini';
import { isMediaType, parseJsonBody, parseMembers } from '../api/json-body.ts';
import { type FormattedVendRequest, vendRequest } from '../api/vend-request.ts';
import { VendingError } from '../core/errors.ts';
import type { PresentedAssertion } from '../core/saml/presented-assertion.ts';
import { secret } from '../core/secret.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** The longest response that STS takes, of which a form escapes some characters, and all that may be asked for with it. */
const BODY_MAX_BYTES = 160 * 1024;

const { profile, durationSeconds, scope, format } = vendRequest.shape;
const samlResponse = z
  .optional(z.string())
  .check(
    z.describe(
      "the identity provider's SAML response for AWS, in base64, at most 100,000 characters; good once",
    ),
  );

/** JSON body of `POST /credentials/saml`; the same schema checks requests and stands in the OpenAPI document. MFA and contexts are of other calls. */
export const samlRequest = z
  .strictObject({ samlResponse, profile, durationSeconds, scope, format })
  .check(z.meta({ id: 'SamlRequest' }));

/** The same as a form, as the HTTP POST binding has it (SAML 2.0 Bindings, 3.5.4); without scope parameters, for which a form has no place. */
export const samlForm = z
  .strictObject({
    SAMLResponse: samlResponse,
    RelayState: z.optional(
      z.string().check(z.describe('for where a browser goes after a sign-in; passed over')),
    ),
    profile,
    durationSeconds: z.optional(z.string().check(z.regex(/^\d{1,6}$/, 'expected a whole number of seconds'))),
    format,
  })
  .check(z.meta({ id: 'SamlForm' }));

/** What was posted: who asks, and what for. */
export interface SamlSubmission {
  readonly presented: PresentedAssertion;
  readonly request: FormattedVendRequest;
}

/** The submission in a body; throws `request_too_large`, `media_type_unsupported`, `request_invalid` naming the member that is wrong, or `assertion_missing`. */
export function parseSamlRequest(body: string, contentType: string | undefined): SamlSubmission {
  if (isMediaType(contentType, FORM_TYPE)) return parseForm(body);
  if (body !== '' && !isMediaType(contentType, JSON_TYPE))
    throw new VendingError('media_type_unsupported', {
      detail: `the request body must be ${FORM_TYPE} or ${JSON_TYPE}`,
    });
  const { samlResponse: response, ...request } =
    body === '' ? {} : parseJsonBody(samlRequest, body, contentType, BODY_MAX_BYTES);
  return { presented: presentedIn(response), request };
}

function parseForm(body: string): SamlSubmission {
  if (Buffer.byteLength(body) > BODY_MAX_BYTES) throw new VendingError('request_too_large');
  const fields = [...new URLSearchParams(body)];
  const members = Object.fromEntries(fields);
  // Which of two was meant is not ours to guess.
  if (Object.keys(members).length !== fields.length)
    throw new VendingError('request_invalid', { detail: 'a field of the form stands twice' });
  const {
    SAMLResponse: response,
    RelayState: _,
    durationSeconds,
    ...request
  } = parseMembers(samlForm, members);
  const seconds = durationSeconds === undefined ? {} : { durationSeconds: Number(durationSeconds) };
  return { presented: presentedIn(response), request: { ...request, ...seconds } };
}

function presentedIn(response: string | undefined): PresentedAssertion {
  if (response === undefined || response === '') throw new VendingError('assertion_missing');
  return { token: secret(response) };
}
