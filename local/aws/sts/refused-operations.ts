import { AwsError } from '../aws-error.ts';
import { createConstraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import type { Session } from '../session.ts';
import { accessDenied } from './errors.ts';

const TARGET_PRINCIPAL = { min: 12, max: 2048 };

/**
 * The accounts here have outbound web identity federation turned off, as every account has at first.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 */
export function getWebIdentityToken(): never {
  throw new AwsError(
    'OutboundWebIdentityFederationDisabledException',
    403,
    'Outbound web identity federation is disabled for your account',
  );
}

/**
 * The accounts here are in no organisation, so nobody has privileged access to another.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
 */
export function assumeRoot({ arn }: Session, parameters: Parameters): never {
  const constraints = createConstraints();
  const target = constraints.required(
    'targetPrincipal',
    parameters.take('TargetPrincipal'),
    TARGET_PRINCIPAL,
  );
  constraints.settle();
  throw accessDenied(`User: ${arn} is not authorized to perform: sts:AssumeRoot on resource: ${target}`);
}
