import type { RequestContext } from './context.ts';
import { PolicyError } from './policy-error.ts';

/** One action on one resource, with all that is known of the circumstances. */
export interface PolicyRequest {
  /** As `s3:GetObject`. */
  readonly action: string;
  /** The resource's ARN, or `*` for an action that has none. */
  readonly resource: string;
  readonly context: RequestContext;
}

const ACTION = /^[a-z\d-]+:[a-z\d]+$/i;
const ARN = /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:./s;

/** To be allowed this is no matter of policies: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const WITHOUT_PERMISSION = 'sts:getcalleridentity';

/** Throws a PolicyError for a request that is no action on a resource: a mistyped one would be allowed wherever `*` is. */
export function checkRequest({ action, resource }: PolicyRequest): void {
  if (!ACTION.test(action) || action.toLowerCase() === WITHOUT_PERMISSION) {
    throw new PolicyError({
      what: 'request action',
      got: action,
      expected: 'a service:action that policies decide',
    });
  }
  if (resource !== '*' && !ARN.test(resource)) {
    throw new PolicyError({ what: 'request resource', got: resource, expected: 'an ARN, or * for none' });
  }
}
