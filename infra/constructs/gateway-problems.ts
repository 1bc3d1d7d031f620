import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type ErrorCode, statusOf, textOf } from '../../functions/core/errors.ts';
import { problemBody } from '../../functions/core/problem.ts';

/** What API Gateway answers by itself, before or instead of the function, in the function's own words. */
interface GatewayProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

/** Failures that only something in front of the function can have. Their codes are part of the API, like the others. */
const THROTTLED: GatewayProblem = {
  status: 429,
  code: 'throttled',
  detail: 'too many requests; try again',
  retryAfterSeconds: 1,
};
const BLOCKED: GatewayProblem = {
  status: 403,
  code: 'request_blocked',
  detail: 'a rule in front of Latchkey does not let this request through',
};
const UNAVAILABLE: GatewayProblem = {
  status: 503,
  code: 'unavailable',
  detail: 'the request was not answered in time; try again',
  retryAfterSeconds: 1,
};

/** The function has not seen the request: this id finds it in the access log. A caller cannot choose it. */
const VEND_ID = '$context.extendedRequestId';

/** API Gateway's own answers by type of gateway response. */
export type GatewayProblems = readonly (readonly [ResponseType, GatewayProblem])[];

/**
 * Those of every API. A type that is not named takes the status of the default of its class, so everything that can
 * happen is named. https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const SHARED_PROBLEMS: GatewayProblems = [
  [ResponseType.BAD_REQUEST_BODY, ours('request_invalid')],
  [ResponseType.BAD_REQUEST_PARAMETERS, ours('request_invalid')],
  [ResponseType.REQUEST_TOO_LARGE, ours('request_too_large')],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, ours('media_type_unsupported')],
  [ResponseType.RESOURCE_NOT_FOUND, ours('not_found')],
  [ResponseType.WAF_FILTERED, BLOCKED],
  [ResponseType.THROTTLED, THROTTLED],
  [ResponseType.QUOTA_EXCEEDED, THROTTLED],
  [ResponseType.INTEGRATION_FAILURE, UNAVAILABLE],
  [ResponseType.INTEGRATION_TIMEOUT, UNAVAILABLE],
  [ResponseType.DEFAULT_4XX, ours('request_invalid')],
  [ResponseType.DEFAULT_5XX, ours('internal_error')],
];

/** Those of an API whose callers bring tokens: API Gateway speaks of signatures where there is no such route. */
export const TOKEN_PROBLEMS: GatewayProblems = [
  ...SHARED_PROBLEMS,
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, ours('not_found')],
  [ResponseType.INVALID_SIGNATURE, ours('not_found')],
  [ResponseType.ACCESS_DENIED, BLOCKED],
];

/** Those of an API whose callers sign with SigV4 for `execute-api`, and are authorised by IAM. */
export const SIGNATURE_PROBLEMS: GatewayProblems = [
  ...SHARED_PROBLEMS,
  [
    ResponseType.MISSING_AUTHENTICATION_TOKEN,
    refusal(
      'signature_missing',
      'the request is not signed with AWS Signature Version 4, or there is no such route: API Gateway does not tell which',
    ),
  ],
  [
    ResponseType.INVALID_SIGNATURE,
    refusal(
      'signature_invalid',
      'the AWS signature does not verify: check secret key, session token, Region, service execute-api and clock',
    ),
  ],
  [
    ResponseType.EXPIRED_TOKEN,
    refusal('signature_expired', 'the AWS credentials or the signature have expired'),
  ],
  [
    ResponseType.ACCESS_DENIED,
    refusal(
      'access_denied',
      'IAM does not let this principal through: it needs execute-api:Invoke on this route, and to be of this account',
    ),
  ],
];

/**
 * Gives every answer of API Gateway itself the form of the function's failures: problem+json with the members that AWS
 * SDKs read, and never stored. The texts are fixed: API Gateway's own can repeat what the caller sent.
 */
export function addGatewayProblems(
  restApi: RestApi,
  problems: GatewayProblems,
  { allowsOrigins }: { readonly allowsOrigins: boolean },
): void {
  for (const [type, problem] of problems) {
    restApi.addGatewayResponse(`Problem${type.responseType}`, {
      type,
      statusCode: String(problem.status),
      responseHeaders: { ...headersOf(problem), ...(allowsOrigins ? READ_BY_ALL : {}) },
      templates: { 'application/json': JSON.stringify(problemBody({ ...problem, vendId: VEND_ID })) },
    });
  }
}

/** There is nothing in them but our own words, so that any page may read them; without it, it would only see that something failed. */
const READ_BY_ALL = { 'Access-Control-Allow-Origin': "'*'" };

function ours(code: ErrorCode): GatewayProblem {
  return { status: statusOf(code), code, detail: textOf(code) };
}

function refusal(code: string, detail: string): GatewayProblem {
  return { status: 403, code, detail };
}

function headersOf({ retryAfterSeconds }: GatewayProblem): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': "'application/problem+json'",
    'Cache-Control': "'no-store'",
  };
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = `'${retryAfterSeconds}'`;
  return headers;
}
