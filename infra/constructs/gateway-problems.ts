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

/**
 * By type of gateway response. Those that are not named take the status of the default of their class, so everything
 * that can happen here is named. https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const PROBLEMS: readonly (readonly [ResponseType, GatewayProblem])[] = [
  [ResponseType.BAD_REQUEST_BODY, vending('request_invalid')],
  [ResponseType.BAD_REQUEST_PARAMETERS, vending('request_invalid')],
  [ResponseType.REQUEST_TOO_LARGE, vending('request_too_large')],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, vending('media_type_unsupported')],
  // No route here is signed for with SigV4: API Gateway speaks of signatures where there is no such route.
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, vending('not_found')],
  [ResponseType.INVALID_SIGNATURE, vending('not_found')],
  [ResponseType.RESOURCE_NOT_FOUND, vending('not_found')],
  [ResponseType.ACCESS_DENIED, BLOCKED],
  [ResponseType.WAF_FILTERED, BLOCKED],
  [ResponseType.THROTTLED, THROTTLED],
  [ResponseType.QUOTA_EXCEEDED, THROTTLED],
  [ResponseType.INTEGRATION_FAILURE, UNAVAILABLE],
  [ResponseType.INTEGRATION_TIMEOUT, UNAVAILABLE],
  [ResponseType.DEFAULT_4XX, vending('request_invalid')],
  [ResponseType.DEFAULT_5XX, vending('internal_error')],
];

/**
 * Gives every answer of API Gateway itself the form of the function's failures: problem+json with the members that AWS
 * SDKs read, and never stored. The texts are fixed: API Gateway's own can repeat what the caller sent.
 */
export function addGatewayProblems(restApi: RestApi): void {
  for (const [type, problem] of PROBLEMS) {
    restApi.addGatewayResponse(`Problem${type.responseType}`, {
      type,
      statusCode: String(problem.status),
      responseHeaders: headersOf(problem),
      templates: { 'application/json': JSON.stringify(problemBody({ ...problem, vendId: VEND_ID })) },
    });
  }
}

function vending(code: ErrorCode): GatewayProblem {
  return { status: statusOf(code), code, detail: textOf(code) };
}

function headersOf({ retryAfterSeconds }: GatewayProblem): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': "'application/problem+json'",
    'Cache-Control': "'no-store'",
  };
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = `'${retryAfterSeconds}'`;
  return headers;
}
