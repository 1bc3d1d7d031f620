import type { Parameters } from '../query/query-call.ts';
import { accountOf, type Session, type UserKey } from '../session.ts';
import { assumeRole } from './assume-role.ts';
import { parseAssumeRole } from './assume-role-input.ts';
import { assumeRoleWithSaml } from './assume-role-with-saml.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import { decodeAuthorizationMessage } from './decode-authorization-message.ts';
import { accessDenied } from './errors.ts';
import { getAccessKeyInfo } from './get-access-key-info.ts';
import { getFederationToken } from './get-federation-token.ts';
import { getSessionToken } from './get-session-token.ts';
import { assumeRoot, getWebIdentityToken } from './refused-operations.ts';
import type { StsOptions } from './sts-options.ts';

/** An operation that gives the result element, or throws the AwsError that STS answers. */
export type Operation =
  | {
      readonly signed: true;
      readonly run: (caller: Session, parameters: Parameters, options: StsOptions) => object;
    }
  | {
      /** What the caller shows takes the place of a signature. */
      readonly signed: false;
      readonly run: (parameters: Parameters, options: StsOptions) => Promise<object>;
    };

type Run<Caller> = (caller: Caller, parameters: Parameters, options: StsOptions) => object;

/** Every operation of STS by its name (https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html). */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    'AssumeRole',
    signed('AssumeRole', (caller, input, options) => assumeRole(caller, parseAssumeRole(input), options)),
  ],
  ['AssumeRoleWithSAML', { signed: false, run: assumeRoleWithSaml }],
  ['AssumeRoleWithWebIdentity', { signed: false, run: assumeRoleWithWebIdentity }],
  ['AssumeRoot', signed('AssumeRoot', assumeRoot)],
  ['DecodeAuthorizationMessage', signed('DecodeAuthorizationMessage', decodeAuthorizationMessage)],
  ['GetAccessKeyInfo', signed('GetAccessKeyInfo', getAccessKeyInfo)],
  ['GetCallerIdentity', signed('GetCallerIdentity', identify)],
  ['GetFederationToken', forLongTermKeys('GetFederationToken', getFederationToken)],
  ['GetSessionToken', forLongTermKeys('GetSessionToken', getSessionToken)],
  ['GetWebIdentityToken', signed('GetWebIdentityToken', getWebIdentityToken)],
]);

/** What temporary credentials of users may ask STS for; https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html */
const LIMITED: Partial<Record<Session['kind'], readonly string[]>> = {
  federatedUser: ['GetCallerIdentity'],
  userSession: ['AssumeRole', 'GetCallerIdentity'],
};

function signed(action: string, run: Run<Session>): Operation {
  return {
    signed: true,
    run(caller, parameters, options) {
      if (LIMITED[caller.kind]?.includes(action) === false) throw refuseSession(action);
      return run(caller, parameters, options);
    },
  };
}

function forLongTermKeys(action: string, run: Run<UserKey>): Operation {
  return {
    signed: true,
    run(caller, parameters, options) {
      if (caller.kind !== 'user') throw refuseSession(action);
      return run(caller, parameters, options);
    },
  };
}

/** AWS's words for GetFederationToken and GetSessionToken; for the others it publishes none. */
function refuseSession(action: string) {
  return accessDenied(`Cannot call ${action} with session credentials`);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html; no policy can forbid it. */
function identify(caller: Session): object {
  return { Arn: caller.arn, UserId: caller.userId, Account: accountOf(caller) };
}
